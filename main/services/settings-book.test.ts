import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingDefaults } from '../../shared/domain/settings.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { smallHome, testActor, type SmallHome } from '../../test/support/small-home.ts';
import { smallLedger } from '../../test/support/small-ledger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { Database } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { SettingsBook } from './settings-book.ts';

const folder = temporaryFolder();
let number = 0;
let home: SmallHome;
let store: Store;
let settings: SettingsBook;
beforeEach(() => {
  home = smallHome(join(folder, String((number += 1))), { runs: 0, auditRows: 0 });
  open();
});
afterEach(() => store.close());

function open(): void {
  store = home.open();
  const now = (): Date => new Date('2026-05-01T00:00:00Z');
  settings = new SettingsBook({ store, ledger: smallLedger(store, home.paths.home).ledger, now });
}

describe('settings', () => {
  it('are the defaults until somebody sets them, and again when unset', () => {
    expect(settings.values).toEqual(settingDefaults);
    settings.set({ name: 'max_restarts', value: 5 }, testActor);
    store.close();
    open();
    expect(settings.values).toEqual({ ...settingDefaults, max_restarts: 5 });
    expect(settings.list().settings.find(({ name }) => name === 'max_restarts')).toMatchObject({ value: 5, set_at: '2026-05-01T00:00:00.000Z' });
    settings.set({ name: 'max_restarts', value: null }, testActor);
    expect(settings.values).toEqual(settingDefaults);
  });

  it('tell the audit log what they were before', () => {
    settings.set({ name: 'resume_interrupted', value: true }, testActor);
    expect(store.audit.list({ limit: 1, before: null })).toMatchObject([
      { action: 'settings.set', subject: 'setting resume_interrupted', before: { value: false }, after: { value: true } },
    ]);
  });

  it.each([
    ['max_restarts', -1],
    ['max_restarts', 'two'],
    ['keep_awake', 1],
    ['max_parallel_runs', 0],
  ] as const)('refuse %s = %s', (name, value) => {
    expect(() => settings.set({ name, value }, testActor)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(settings.values).toEqual(settingDefaults);
  });

  it('leave alone what another version set, and refuse a row that is none', () => {
    const database = new Database(home.database, keepingLogger());
    database.execute(`INSERT INTO settings VALUES ('from_the_future', '1', '2026-05-01T00:00:00Z')`);
    expect(settings.values).toEqual(settingDefaults);
    database.execute(`INSERT INTO settings VALUES ('max_restarts', '"many"', '2026-05-01T00:00:00Z')`);
    database.close();
    expect(() => settings.values).toThrow(expect.objectContaining({ code: 'STORE_ROW_INVALID' }));
  });
});
