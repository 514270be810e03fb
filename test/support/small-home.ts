/** A LATHE_HOME with a few runs, as folders and in its database, for tests of what keeps it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPaths, type Paths } from '../../main/platform/paths.ts';
import { indexRuns } from '../../main/services/index-runs.ts';
import { openStore, type Store } from '../../main/store/store.ts';
import { keepingLogger } from './keeping-logger.ts';
import { stepEntry, writeRunFolder } from './run-folder.ts';

const done = { event: 'done', run: 'r', adapter: '/a', steps: 9, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 } as const;
export const testActor = { user: 'ann', host: 'here', token: null };

export interface SmallHome {
  readonly paths: Paths;
  readonly database: string;
  open(): Store;
}

/** Runs r0, r1, …, each with an adapter and a checkpoint. The database is closed. */
export function smallHome(home: string, { runs = 3, auditRows = 40 } = {}): SmallHome {
  const paths = findPaths({ LATHE_HOME: home });
  for (let i = 0; i < runs; i += 1) addRunFolder(paths, `r${i}`);
  const database = join(home, 'lathe.db');
  const open = (): Store => openStore(database, keepingLogger());
  const store = open();
  indexRuns({ store, folder: paths.runs, log: keepingLogger() });
  store.transaction(() => {
    for (let i = 0; i < auditRows; i += 1)
      store.audit.append({ actor: testActor, action: 'runs.start', subject: `run ${i}`, after: { i } }, new Date(i * 1_000));
  });
  store.close();
  return { paths, database, open };
}

export function addRunFolder({ runs }: Paths, run: string): string {
  const folder = join(runs, run);
  writeRunFolder(folder, { run, started: '2026-01-01T00:00:01Z', events: [...Array.from({ length: 9 }, (_, i) => stepEntry(i + 1)), done] });
  for (const name of ['adapter', 'checkpoints']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'adapter', 'adapter_model.safetensors'), `weights of ${run}`.repeat(1_000));
  writeFileSync(join(folder, 'checkpoints', 'state'), 'large');
  return folder;
}
