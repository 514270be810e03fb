/** A machine that does not play along: a full disk, folders without permission, a run folder in use. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../compute/train/checkpoint.ts';
import { eventsOf, lathe, waitFor, type CliEnd, type CliOptions } from '../support/lathe-cli.ts';
import { fillDisk, mountDisk, unmountDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsOf, TinyRuns } from '../support/tiny-runs.ts';

const settings = ['--max-steps', '60', '--epochs', '100', '--batch-size', '4', '--gradient-accumulation', '2', '--rank', '16', '--save-steps', '3'];
const folder = temporaryFolder();
let runs: TinyRuns;

beforeAll(async () => {
  runs = await TinyRuns.in(folder);
});

function expectRefusal(end: CliEnd, { exit, code, says }: { exit: number; code: string; says: string }): void {
  expect(end, end.stderr).toMatchObject({ code: exit });
  expect(eventsOf(end, 'error')).toMatchObject([{ code }]);
  expect(end.stderr.trimEnd().split('\n').at(-1)).toMatch(/^lathe: .+\. .+$/);
  expect(end.stderr).toContain(says);
}

describe('a disk that fills up', { timeout: 120_000 }, () => {
  const disk = mountDisk(4);
  afterAll(() => unmountDisk(disk));

  it('stops the run, keeps what was saved, and the run goes on once there is room', async (context) => {
    if (disk === null) return context.skip('no disk can be mounted here');
    const whole = await runs.train('whole', settings).ended;
    expect(whole, whole.stderr).toMatchObject({ code: 0 });
    const [out, filler] = [join(disk, 'run'), join(disk, 'filler')];
    let isFull = false;
    const end = await runs.lathe(['train', '--json', '--model', runs.model, '--data', runs.data, '--out', out, ...settings], {
      onEvent: ({ event }) => {
        if (event !== 'checkpoint' || isFull) return;
        isFull = true;
        fillDisk(disk);
      },
    }).ended;
    expectRefusal(end, { exit: 4, code: 'DISK_FULL', says: disk });
    const saved = eventsOf(end, 'checkpoint').map(({ path }) => String(path));
    expect(
      saved
        .slice(-2)
        .filter((path) => existsSync(path))
        .map(problemOf),
    ).toContain(null);
    expect(existsSync(join(out, 'adapter'))).toBe(false);
    rmSync(filler);
    const rest = await runs.lathe(['train', '--json', '--resume', out]).ended;
    expect(rest, rest.stderr).toMatchObject({ code: 0 });
    execFileSync('cmp', [join(out, 'adapter', 'adapter_model.safetensors'), join(runs.out('whole'), 'adapter', 'adapter_model.safetensors')]);
  });
});

describe('without permission', { timeout: 120_000 }, () => {
  const nobody = 65_534;
  /** Why a command cannot be run as nobody here, or null. */
  async function whyNot(home: string): Promise<string | null> {
    if (process.getuid?.() !== 0) return 'only root can become another user';
    const end = await lathe(['doctor', '--json'], asNobody(home));
    return end.signal === null && end.code !== null && !/EACCES|Cannot find module/.test(end.stderr) ? null : 'another user cannot read this checkout';
  }
  const asNobody = (home: string): CliOptions => ({ uid: nobody, gid: nobody, cwd: '/', env: { LATHE_HOME: home, HOME: home } });

  it('names the folder that cannot be written, and the file that cannot be read', async (context) => {
    chmodSync(folder, 0o755);
    const [home, closed] = [join(folder, 'nobodys-home'), join(folder, 'closed')];
    [home, closed].forEach((path) => mkdirSync(path));
    chmodSync(home, 0o777);
    const reason = await whyNot(home);
    if (reason !== null) return context.skip(reason);
    const train = (data: string, out: string, at = home): Promise<CliEnd> =>
      lathe(['train', '--json', '--model', runs.model, '--data', data, '--out', out, ...settings], asNobody(at));
    expectRefusal(await train(runs.data, join(closed, 'run')), { exit: 3, code: 'FILE_FORBIDDEN', says: join(closed, 'run') });
    expect(existsSync(join(closed, 'run'))).toBe(false);
    const secret = join(folder, 'secret.jsonl');
    writeFileSync(secret, '{}\n', { mode: 0o600 });
    expectRefusal(await train(secret, join(home, 'run')), { exit: 3, code: 'FILE_FORBIDDEN', says: secret });
    expectRefusal(await train(runs.data, join(home, 'run2'), closed), { exit: 3, code: 'FILE_FORBIDDEN', says: closed });
    expect(existsSync(join(home, 'run2', 'checkpoints'))).toBe(false);
  });
});

describe('a run folder in use', { timeout: 120_000 }, () => {
  it('is refused to a second process, naming the first', async () => {
    const first = runs.train('busy', ['--max-steps', '100000', '--epochs', '100000', '--batch-size', '2']);
    try {
      expect(await waitFor(() => stepsOf(first).length > 0, 60_000)).toBe(true);
      const [owner] = first.computeProcesses();
      expectRefusal(await runs.resume('busy').ended, { exit: 2, code: 'RUN_BUSY', says: `process ${owner}` });
      expectRefusal(await runs.train('busy', settings).ended, { exit: 2, code: 'RUN_FOLDER_TAKEN', says: runs.out('busy') });
      const before = stepsOf(first).length;
      expect(await waitFor(() => stepsOf(first).length > before, 30_000)).toBe(true);
    } finally {
      await first.killAll();
    }
  });
});
