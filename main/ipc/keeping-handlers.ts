/** Binds the calls about what keeps things safe to their services. */
import type { AuditLog } from '../services/audit-log.ts';
import type { ShelfBook } from '../services/shelf/shelf-book.ts';
import type { HanaDatasets } from '../services/hana/data/hana-datasets.ts';
import type { LookIns } from '../services/desk/look-ins.ts';
import type { Secrets } from '../services/secrets.ts';
import type { Sync } from '../services/sync/sync.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import type { Backups } from '../services/backup/backups.ts';
import type { HandlersOf } from './handlers.ts';
import type { keepingCalls } from '../../shared/contracts/keeping-calls.ts';

export interface KeepingServices {
  readonly backups: Backups;
  readonly audit: AuditLog;
  readonly settings: SettingsBook;
  readonly models: ShelfBook;
  readonly datasets: ShelfBook;
  readonly hanaDatasets: HanaDatasets;
  readonly secrets: Secrets;
  readonly sync: Sync;
}

export function keepingHandlers(
  { backups, audit, settings, models, datasets, hanaDatasets, secrets, sync }: KeepingServices,
  lookIns: LookIns,
): HandlersOf<keyof typeof keepingCalls> {
  return {
    'store.backup': (input, { actor }) => backups.make(input, actor),
    'audit.list': (input) => audit.list(input),
    'audit.verify': () => audit.verify(),
    'settings.list': () => settings.list(),
    'settings.set': (input, { actor }) => settings.set(input, actor),
    'sync.status': () => sync.status(),
    'sync.now': () => sync.run(),
    'sync.conflicts': (input) => sync.conflicts(input),
    'sync.settle': (input, caller) => sync.settle(input, caller),
    'sync.retry': () => sync.retry(),
    'sync.rows': (input, caller) => sync.rows(input, caller),
    'secrets.list': () => secrets.list(),
    'secrets.put': (input, { actor }) => secrets.put(input, actor),
    'secrets.remove': (input, { actor }) => secrets.remove(input, actor),
    'models.add': (input, { actor }) => models.add(input, actor),
    'models.list': ({ text }) => models.list(text),
    'models.get': ({ name }) => models.get(name),
    'models.remove': (input, { actor }) => models.remove(input, actor),
    'models.check': ({ name }) => models.check(name),
    'models.inspect': ({ path }) => lookIns.inspectModel(path),
    'datasets.preview': (input) => lookIns.preview(input),
    'datasets.add': (input, { actor }) => datasets.add(input, actor),
    'datasets.fetch': (input, caller) => hanaDatasets.add(input, caller),
    'datasets.refresh': (input, caller) => hanaDatasets.refresh(input, caller),
    'datasets.stopFetch': ({ name }) => hanaDatasets.stop(name),
    'datasets.list': ({ text }) => datasets.list(text),
    'datasets.get': ({ name }) => datasets.get(name),
    'datasets.remove': (input, { actor }) => datasets.remove(input, actor),
    'datasets.check': ({ name }) => datasets.check(name),
  };
}
