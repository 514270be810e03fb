/** `lathe run watch`, seen from outside: through the host of the run, of a queued one, of one that no host knows; and that it leaves every run alone. */
import { beforeAll, describe, expect, it } from 'vitest';
import { isRunning, lathe, waitFor, type CliEvent, type LatheCli } from '../support/lathe-cli.ts';
import { runLathe } from '../support/run-lathe.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsOf, TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();
const startMs = 60_000;
const endless = ['--max-steps', '100000', '--epochs', '100000', '--batch-size', '2', '--num-workers', '1'];
const short = ['--max-steps', '3', '--num-workers', '1'];
let runs: TinyRuns;

const watch = (run: string): LatheCli => runs.lathe(['run', 'watch', '--json', run]);
const hasStepped = (cli: LatheCli): Promise<boolean> => waitFor(() => stepsOf(cli).length > 0, startMs);
const idOf = (cli: LatheCli): string => String(cli.events.find(({ event }) => event === 'start')?.['run']);
const kindsOf = (events: readonly CliEvent[]): string[] => events.map(({ event }) => event).filter((event) => event !== 'note');
const stateOf = async (run: string): Promise<unknown> => (await runs.lathe(['run', 'show', '--json', run]).ended).events[0]?.['state'];

beforeAll(async () => void (runs = await TinyRuns.in(folder, { rows: 40 })));

describe.skipIf(process.platform === 'win32')('a run is watched', { timeout: 240_000 }, () => {
  it('through its host: all that was, then all that comes, each line once; Ctrl-C ends the watching alone', async () => {
    const training = runs.train('one', endless);
    expect(await hasStepped(training)).toBe(true);
    const [watching, other] = [watch(idOf(training)), watch(runs.out('one'))];
    const from = stepsOf(training).length;
    expect(await waitFor(() => stepsOf(watching).length > from + 20 && stepsOf(other).length > 0, startMs)).toBe(true);
    watching.signal('SIGINT');
    expect(await watching.ended).toMatchObject({ code: 0, stderr: '' });
    expect(isRunning(training.pid)).toBe(true);
    // What the run itself says may be read a little later.
    expect(await waitFor(() => stepsOf(training).length >= stepsOf(watching).length, startMs)).toBe(true);
    expect(stepsOf(watching)).toEqual(stepsOf(training).slice(0, stepsOf(watching).length));
    training.signal('SIGINT');
    const [trained, watched] = [await training.ended, await other.ended];
    expect([trained.code, watched.code], watched.stderr).toEqual([130, 0]);
    expect(stepsOf(watched)).toEqual(stepsOf(trained));
    expect(kindsOf(watched.events)[0]).toBe('start');
    expect(kindsOf(watched.events).filter((kind) => kind === 'cancelled')).toHaveLength(1);
    expect(kindsOf(watched.events).at(-1)).toBe('cancelled');
  });

  it('from the queue on', async () => {
    expect((await runs.lathe(['settings', 'set', 'max_parallel_runs', '1']).ended).code).toBe(0);
    const first = runs.train('first', endless);
    expect(await hasStepped(first)).toBe(true);
    const second = (await runs.train('second', [...short, '--detach']).ended).events[0]?.['run'];
    const watching = runs.lathe(['run', 'watch', String(second)]);
    const listening = watch(String(second));
    expect(await stateOf(String(second))).toBe('queued');
    first.signal('SIGINT');
    const [end, listened] = [await watching.ended, await listening.ended, await first.ended];
    expect([end.code, listened.code, end.stderr], listened.stderr).toEqual([0, 0, '']);
    expect(stepsOf(listened)).toEqual([1, 2, 3]);
    expect(kindsOf(listened.events).at(-1)).toBe('done');
    expect((await runs.lathe(['settings', 'set', 'max_parallel_runs', '8']).ended).code).toBe(0);
  });

  it('to its last line, although its host is killed', async () => {
    const training = runs.train('killed', endless);
    expect(await hasStepped(training)).toBe(true);
    const watching = watch(idOf(training));
    expect(await waitFor(() => stepsOf(watching).length > 0, startMs)).toBe(true);
    await training.killAll();
    const end = await watching.ended;
    expect(end.code, end.stderr).toBe(0);
    expect(await stateOf(idOf(training))).toBe('interrupted');
    expect(stepsOf(end)).toEqual(Array.from({ length: stepsOf(end).length }, (_, index) => index + 1));
    // And again when nobody works on it.
    expect(stepsOf(await watch(runs.out('killed')).ended)).toEqual(stepsOf(end));
    // And whoever reads along is told that this was no end.
    const { stdout } = await runLathe(['run', 'watch', idOf(training)], { home: folder, env: { LATHE_HOME: runs.home } });
    expect(stdout).toMatch(/Run \S+ was interrupted at step \d+\. Go on with: lathe run resume \S+\n$/);
  });

  it('in a folder that only the host of another LATHE_HOME knows', async () => {
    const training = runs.train('elsewhere', endless, { env: { LATHE_HOME: runs.out('other-home') } });
    expect(await hasStepped(training)).toBe(true);
    const watching = watch(runs.out('elsewhere'));
    expect(await waitFor(() => stepsOf(watching).length > 5, startMs)).toBe(true);
    training.signal('SIGINT');
    await training.ended;
    const end = await watching.ended;
    expect(end.code, end.stderr).toBe(0);
    expect(kindsOf(end.events).at(-1)).toBe('cancelled');
    expect(await lathe(['run', 'watch', '--json', 'nowhere'], { env: { LATHE_HOME: runs.home } })).toMatchObject({
      code: 2,
      events: [{ code: 'RUN_UNKNOWN' }],
    });
  });
});
