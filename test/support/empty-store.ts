/** A store of one test's own, and rows for it; it is closed and removed when the test ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Database } from '../../main/store/database.ts';
import type { NewRun } from '../../main/store/run-rows.ts';
import { openStore, type Store } from '../../main/store/store.ts';
import { keepingLogger, type KeptLine } from './keeping-logger.ts';
import { testRequest } from './run-folder.ts';
import { testActor } from './small-home.ts';

export const testTime = '2026-05-01T00:00:00.000Z';

export interface EmptyStore {
  readonly home: string;
  readonly path: string;
  readonly store: Store;
  readonly lines: readonly KeptLine[];
}

/** A folder of one test's own. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function emptyStore(): EmptyStore {
  const home = ownFolder();
  const path = join(home, 'lathe.db');
  const lines: KeptLine[] = [];
  const store = openStore(path, keepingLogger(lines));
  onTestFinished(() => store.close());
  return { home, path, store, lines };
}

/** As somebody with the file in hand. */
export function execute(path: string, ...sql: readonly string[]): void {
  const database = new Database(path, keepingLogger());
  try {
    for (const each of sql) database.execute(each);
  } finally {
    database.close();
  }
}

/** A queued run; what is not said is the same for all. */
export function insertRun(store: Store, run: string, said: Partial<NewRun> = {}): string {
  store.runs.insert({ run, name: null, dir: `/runs/${run}`, priority: 0, created: testTime, queued: testTime, request: testRequest('/m.gguf'), ...said });
  return run;
}

export function insertVersion(store: Store, name: string, version: string, { base = 'base-hash', data = 'data-hash' } = {}): void {
  const source = (sha256: string) => ({ name: 'n', path: null, sha256 });
  store.versions.insert({
    state: 'draft',
    dir: `/registry/${name}/${version}`,
    record: {
      ...{ name, version, kind: 'adapter', description: '', metadata: {}, created: testTime, created_by: testActor, lathe: '0.1.0', origin: 'run' },
      ...{ run: null, base_model: source(base), dataset: source(data), lineage: [], parameters: {}, metrics: {}, evaluation: null, artifacts: [] },
    },
  });
}
