/** A ledger and a run book over the store of a small home, for tests of services. */
import { AuditLog } from '../../main/services/audit-log.ts';
import { EventHub } from '../../main/services/event-hub.ts';
import { Ledger } from '../../main/services/ledger.ts';
import { RunBook } from '../../main/services/run-book.ts';
import type { Store } from '../../main/store/store.ts';
import { keepingLogger } from './keeping-logger.ts';

export interface SmallLedger {
  readonly ledger: Ledger;
  readonly audit: AuditLog;
  readonly book: RunBook;
}

export function smallLedger(
  store: Store,
  home: string,
  { isConnected = (): boolean => false, now = () => new Date('2026-05-01T00:00:00Z') } = {},
): SmallLedger {
  const hub = new EventHub(keepingLogger());
  const audit = new AuditLog({ home, rows: store.audit, log: keepingLogger() });
  const ledger = new Ledger({ store, hub, now, isConnected, onSealed: () => audit.keepHead() });
  return { ledger, audit, book: new RunBook({ store, ledger, hub, now, log: keepingLogger(), pidOf: () => null }) };
}
