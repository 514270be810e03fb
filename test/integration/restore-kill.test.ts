/** A restore that is killed at any of its steps: whoever opens the home next finds the old one whole, or the new one. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeBackup } from '../../main/services/backup/make-backup.ts';
import { finishRestore } from '../../main/services/backup/finish-restore.ts';
import { repairHome } from '../../main/services/repair/repair-home.ts';
import { Database } from '../../main/store/database.ts';
import { openStore } from '../../main/store/store.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { lathe } from '../support/lathe-cli.ts';
import { addRunFolder, smallHome, testActor } from '../support/small-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const [home, kept, backup] = [join(folder, 'home'), join(folder, 'kept'), join(folder, 'backup')];
const script = join(import.meta.dirname, '..', 'support', 'die-in-restore.ts');
const own = () => ({ paths: smallPaths(), log: keepingLogger(), actor: testActor });
let smallPaths: () => ReturnType<typeof smallHome>['paths'];

/** What was backed up: three runs and a link. What there is: another text in one of them, a run more, a database with a write-ahead log. */
beforeAll(async () => {
  const small = smallHome(home);
  smallPaths = () => small.paths;
  mkdirSync(small.paths.models, { recursive: true });
  symlinkSync('/somewhere/model', join(small.paths.models, 'linked'));
  const store = small.open();
  await makeBackup({ home, store, now: () => new Date('2026-02-01T00:00:00Z') }, { to: backup, checkpoints: false });
  store.close();
  rmSync(join(small.paths.models, 'linked'));
  writeFileSync(join(small.paths.runs, 'r1', 'adapter', 'adapter_model.safetensors'), 'newer');
  rmSync(join(small.paths.runs, 'r2', 'adapter'), { recursive: true });
  addRunFolder(small.paths, 'r9');
  const later = small.open();
  later.transaction(() => later.audit.append({ actor: testActor, action: 'later', subject: 'later' }, new Date(0)));
  cpSync(home, kept, { recursive: true, verbatimSymlinks: true });
  later.close();
  expect(existsSync(join(kept, 'lathe.db-wal'))).toBe(true);
});

/** Whether it was killed. */
function restore(call: number): boolean {
  rmSync(home, { recursive: true });
  cpSync(kept, home, { recursive: true, verbatimSymlinks: true });
  const { signal, status, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, home, backup, String(call)]);
  expect([signal, status], stderr.toString()).toEqual(signal === null ? [null, 0] : ['SIGKILL', null]);
  return signal !== null;
}

/** All that tells the one home from the other. */
function shapeOf(): Readonly<Record<string, unknown>> {
  const store = openStore(join(home, 'lathe.db'), keepingLogger());
  const told = store.audit.list({ limit: 1_000, before: null }).map(({ action }) => action);
  const { rows, broken } = store.audit.verify();
  store.close();
  const adapter = join(home, 'runs', 'r1', 'adapter', 'adapter_model.safetensors');
  return {
    rows,
    broken,
    later: told.includes('later'),
    restored: told.filter((action) => action === 'store.restore').length,
    adapter: statSync(adapter).size,
    second: existsSync(join(home, 'runs', 'r2', 'adapter', 'adapter_model.safetensors')),
    linked: existsSync(join(home, 'models')) && readdirSync(join(home, 'models')).includes('linked'),
    left: existsSync(join(home, '.restoring')),
  };
}

const old = { rows: 41, broken: null, later: true, restored: 0, adapter: 5, second: false, linked: false, left: false };
const restored = { rows: 41, broken: null, later: false, restored: 1, adapter: 13_000, second: true, linked: true, left: false };

/** The database that was there, with its log, and the text that was replaced. */
function requireKept(): void {
  const aside = readdirSync(home).filter((name) => /^lathe\.db\.replaced-\w+$/.test(name));
  expect(aside).toHaveLength(1);
  const database = new Database(join(home, aside[0] ?? ''), keepingLogger());
  expect(database.prepare("SELECT count(*) AS count FROM audit WHERE action = 'later'").get()).toEqual({ count: 1 });
  database.close();
  expect(readFileSync(join(home, 'replaced-20260301T000000Z', 'runs', 'r1', 'adapter', 'adapter_model.safetensors'), 'utf8')).toBe('newer');
}

describe('a restore', { timeout: 300_000 }, () => {
  it('killed at any step leaves the old home or the new one, whole', () => {
    const seen = new Set<boolean>();
    let call = 1;
    for (; restore(call); call += 1) {
      if (call % 2 === 0) repairHome({ ...own(), now: new Date() });
      else finishRestore(own());
      const shape = shapeOf();
      const isNew = shape['restored'] === 1;
      seen.add(isNew);
      // A repair is told of too.
      expect([call, { ...shape, rows: Number(shape['rows']) - (call % 2 === 0 ? 1 : 0) }]).toEqual([call, isNew ? restored : old]);
      if (isNew) requireKept();
    }
    expect(shapeOf()).toEqual(restored);
    requireKept();
    expect([...seen].sort()).toEqual([false, true]);
    expect(call).toBeGreaterThan(10);
  });

  it('that cannot be brought to its end says so in a line, and done again comes through', async () => {
    let call = 1;
    while (restore(call) && !existsSync(join(home, '.restoring', 'journal.json'))) call += 1;
    rmSync(join(home, '.restoring', 'lathe.db'));
    rmSync(join(home, 'lathe.db'));
    const cli = (args: readonly string[]) => lathe([...args, '--json'], { env: { LATHE_HOME: home } });
    const refused = await cli(['run', 'list']);
    expect(refused).toMatchObject({ code: 3, events: [{ event: 'error', code: 'RESTORE_UNFINISHED' }] });
    expect(refused.stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/the database is missing\. Run `lathe restore .*backup-20260201T000000Z\.json` again/),
    ]);
    expect(await cli(['restore', backup])).toMatchObject({ code: 0 });
    expect(await cli(['run', 'list'])).toMatchObject({ code: 0 });
    expect(existsSync(join(home, '.restoring'))).toBe(false);
  });
});
