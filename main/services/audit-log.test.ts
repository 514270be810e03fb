import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditVerdict } from '../../shared/contracts/audit-calls.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { smallHome, testActor, type SmallHome } from '../../test/support/small-home.ts';
import { smallLedger } from '../../test/support/small-ledger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { Database } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { AuditLog } from './audit-log.ts';

const folder = temporaryFolder();
const count = 30;
let number = 0;
let home: SmallHome;

const logOf = (store: Store): AuditLog => new AuditLog({ home: home.paths.home, rows: store.audit, log: keepingLogger() });

function verify(): AuditVerdict {
  const store = home.open();
  try {
    return logOf(store).verify();
  } finally {
    store.close();
  }
}

beforeEach(() => {
  home = smallHome(join(folder, String((number += 1))), { runs: 0, auditRows: count - 1 });
  const store = home.open();
  const { ledger } = smallLedger(store, home.paths.home);
  ledger.record(() => ({ result: null, fact: { audit: { actor: testActor, action: 'a.b', subject: 's', after: { x: 'y' } }, outbox: [], events: [] } }));
  store.close();
});

/** As somebody with the file in hand: the triggers that forbid it are gone. */
function tamper(sql: readonly string[]): void {
  const database = new Database(home.database, keepingLogger());
  for (const each of ['DROP TRIGGER IF EXISTS audit_is_not_changed', 'DROP TRIGGER IF EXISTS audit_is_not_cut', ...sql]) database.execute(each);
  database.close();
}

const row = fc.integer({ min: 1, max: count });
const column = fc.constantFrom('at', 'actor', 'action', 'subject', 'before', 'after', 'previous', 'hash');
const tamperings = fc.oneof(
  fc.record({ row, column }).map(({ row: seq, column: name }) => [`UPDATE audit SET ${name} = ifnull(${name}, '') || 'x' WHERE seq = ${seq}`]),
  row.map((seq) => [`DELETE FROM audit WHERE seq = ${seq}`]),
  row.map((seq) => [`DELETE FROM audit WHERE seq >= ${seq}`]),
  row.map((seq) => [`DELETE FROM audit WHERE seq <= ${seq}`, `UPDATE audit SET seq = seq - ${seq}`]),
  fc
    .tuple(row, row)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => [
      `UPDATE audit SET seq = -1 WHERE seq = ${a}`,
      `UPDATE audit SET seq = ${a} WHERE seq = ${b}`,
      `UPDATE audit SET seq = ${b} WHERE seq = -1`,
    ]),
  row.map((seq) => [`INSERT INTO audit SELECT ${count + 1}, at, actor, action, subject, before, after, previous, 'made up' FROM audit WHERE seq = ${seq}`]),
);

describe('the audit log', () => {
  it('is whole as it was written, and says how far the second place knows it', () => {
    expect(verify()).toEqual({ rows: count, broken: null, head: count });
  });

  it('shows any tampering', () => {
    const [whole, head] = [`${home.database}.whole`, join(home.paths.home, 'audit.head')];
    copyFileSync(home.database, whole);
    fc.assert(
      fc.property(tamperings, (sql) => {
        for (const tail of ['-wal', '-shm']) rmSync(home.database + tail, { force: true });
        copyFileSync(whole, home.database);
        tamper(sql);
        expect(verify().broken, sql.join('; ')).not.toBeNull();
      }),
      { numRuns: 80, seed: 20_261_126, endOnFailure: true },
    );
    expect(readFileSync(head, 'utf8')).toContain(`"seq":${count}`);
  }, 120_000);

  it('that was cut and sealed anew from there does not fit its head', () => {
    tamper([`DELETE FROM audit WHERE seq > ${count - 5}`]);
    const store = home.open();
    for (let i = 0; i < 8; i += 1) store.audit.append({ actor: testActor, action: 'forged.row', subject: String(i) }, new Date(0));
    expect(store.audit.verify().broken).toBeNull();
    expect(logOf(store).verify().broken).toMatchObject({ seq: count });
    store.close();
  });

  it('may be ahead of its head, as after a crash', () => {
    const store = home.open();
    store.audit.append({ actor: testActor, action: 'a.b', subject: 's' }, new Date(0));
    expect(logOf(store).verify()).toEqual({ rows: count + 1, broken: null, head: count });
    store.close();
  });

  it('says that a cut would not show where the head is gone or unreadable', () => {
    writeFileSync(join(home.paths.home, 'audit.head'), '');
    expect(verify()).toEqual({ rows: count, broken: null, head: null });
  });

  it('is read page by page, newest first', () => {
    const store = home.open();
    const log = logOf(store);
    const first = log.list({ limit: 20, before: null });
    const rest = log.list({ limit: 20, before: first.next });
    expect([first.entries[0]?.seq, first.next, rest.entries.length, rest.next]).toEqual([count, 11, 10, null]);
    store.close();
  });
});
