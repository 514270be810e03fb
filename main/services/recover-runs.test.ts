import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunLogEntry } from '../../shared/contracts/run-events.ts';
import { stepEntry, writeRunFolder } from '../../test/support/run-folder.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { testActor, testCaller, testCore, type TestCore } from '../../test/support/test-core.ts';
import { indexRuns } from './index-runs.ts';
import { queueInterrupted, recoverRuns } from './recover-runs.ts';

const folder = temporaryFolder();
const done: RunLogEntry = { event: 'done', run: 'r', adapter: '/a', steps: 9, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 };
const started = '2026-01-01T00:00:00.000Z';
const past = '2020-01-01T00:00:00.000Z';
let number = 0;
let core: TestCore;
beforeEach(async () => {
  const home = join(folder, String((number += 1)));
  mkdirSync(home);
  core = testCore(home);
  await core.scheduler.close();
});
afterEach(() => core.store.close());

/** A run that its host left in this state, and what its folder holds. */
function left(state: 'running' | 'paused' | 'stopping', events: readonly RunLogEntry[], at?: string): string {
  const { queue, book, store } = core;
  const run = queue('m');
  book.change(run, 'start', { attempt: 1 });
  if (state !== 'running') book.change(run, state === 'paused' ? 'pause' : 'stop');
  writeRunFolder(store.runs.get(run).dir, { run, started: at ?? new Date().toISOString(), events });
  return run;
}
const recover = (): void => recoverRuns(core);

describe('recoverRuns', () => {
  it.each([
    ['running', [stepEntry(1)], 'interrupted', true],
    ['running', [], 'interrupted', true],
    ['running', [stepEntry(1), done], 'done', false],
    ['running', [{ event: 'cancelled', step: 1, path: null }], 'interrupted', true],
    ['running', [{ event: 'error', code: 'DISK_FULL', message: 'm', remedy: 'r' }], 'failed', false],
    ['paused', [stepEntry(1)], 'interrupted', false],
    ['stopping', [stepEntry(1)], 'cancelled', false],
    ['stopping', [done], 'done', false],
  ] as const)('sets a run that was %s and told %j to %s', (state, events, end, goesOn) => {
    const run = left(state, events);
    recover();
    expect(core.store.runs.get(run)).toMatchObject({ state: end, ended: expect.any(String) });
    expect(core.store.runs.cutShort().length === 1).toBe(goesOn);
    recover();
    expect(core.store.runs.active()).toEqual([]);
  });

  it('takes the end of an earlier attempt for none', () => {
    const run = left('running', [stepEntry(1), { event: 'error', code: 'DISK_FULL', message: 'm', remedy: 'r' }], past);
    recover();
    expect(core.store.runs.get(run).state).toBe('interrupted');
  });

  it('knows by its number which attempt a line ended, whatever the clock did meanwhile, and why', () => {
    const facts = { path: '/d', needBytes: '3 MB' };
    const ended = (attempt: number): RunLogEntry => ({ event: 'error', code: 'DISK_FULL', message: 'm', remedy: 'r', facts, attempt });
    const [early, late] = [left('running', [ended(1)], past), left('running', [ended(0)], '2099-01-01T00:00:00.000Z')];
    recover();
    expect(core.store.runs.get(early)).toMatchObject({ state: 'failed', error: { code: 'DISK_FULL', facts } });
    expect(core.store.runs.get(late)).toMatchObject({ state: 'interrupted', error: null });
  });

  it('does not tell an end twice that host and process put in their own words', () => {
    const run = left('running', []);
    const error = { event: 'error', code: 'INTERNAL', message: 'm', remedy: 'r', attempt: 1 } as const;
    const told: readonly RunLogEntry[] = [
      { ...error, facts: { log: 'the terminal' } },
      { event: 'cancelled', step: 4, path: '/c' },
    ];
    writeRunFolder(core.store.runs.get(run).dir, { run, started, events: told });
    core.store.runs.append(run, [
      { at: started, ...error, facts: { log: '/the.log' } },
      { at: started, event: 'cancelled', step: 5, path: null },
    ]);
    recover();
    expect(core.store.runs.allLines(run)).toHaveLength(2);
  });

  it('adds what the host had not written, and keeps the numbers of what it had', () => {
    const note = (message: string): RunLogEntry => ({ event: 'note', message });
    const run = left('running', [note('one'), stepEntry(1), note('one'), stepEntry(2), note('two')]);
    const at = started;
    core.store.runs.append(run, [
      { at, ...note('one') },
      { at, ...stepEntry(1) },
      { at, ...note('of the host alone') },
      { at, ...note('one') },
    ]);
    const before = core.store.runs.lines(run, 0, 10).lines;
    recover();
    const after = core.store.runs.lines(run, 0, 10).lines;
    expect(after.slice(0, 3)).toEqual(before);
    expect(after.slice(3)).toMatchObject([{ body: { message: 'two' } }]);
    expect(core.store.runs.metrics(run, 0, 10).steps.step).toEqual([1, 2]);
  });

  it('forgets steps that a later attempt does again, as a host does that lives', () => {
    const evaluation = (step: number): RunLogEntry => ({ event: 'eval', step, eval_loss: 1, best: true });
    const run = left('running', [stepEntry(1), evaluation(1), stepEntry(2), stepEntry(3), evaluation(3), stepEntry(2)]);
    recover();
    const { steps, evaluations } = core.store.runs.metrics(run, 0, 10);
    expect([steps.step, evaluations.map(({ step }) => step), core.store.runs.get(run).step]).toEqual([[1, 2], [1], 2]);
  });

  it('comes up where a folder cannot be read', () => {
    const run = left('running', []);
    const { dir } = core.store.runs.get(run);
    renameSync(join(dir, 'events.jsonl'), join(dir, 'old'));
    mkdirSync(join(dir, 'events.jsonl'));
    recover();
    expect(core.store.runs.get(run).state).toBe('interrupted');
    expect(core.lines).toContainEqual(expect.objectContaining({ message: 'a run folder cannot be read' }));
  });

  it('lets interrupted runs go on in their order, and nothing else', () => {
    const runs = [left('running', [stepEntry(1)]), left('paused', [stepEntry(1)]), left('stopping', []), left('running', [])];
    recover();
    queueInterrupted(core);
    expect(core.book.queue().map(({ run }) => run)).toEqual([runs[0], runs[3]]);
    expect(core.store.runs.get(runs[0] ?? '')).toMatchObject({ resume: true, restarts: 0 });
  });
});

describe('runs that only their folders know of', () => {
  const write = (name: string, events: readonly RunLogEntry[]): string => writeRunFolder(join(core.paths.runs, name), { run: name, started, events });

  it('come in as they stand, and can go on although their folder counts attempts', () => {
    writeFileSync(join(write('20250101-000000-aaaa', [stepEntry(1)]), 'fence'), '4\n');
    indexRuns({ ...core, folder: core.paths.runs });
    expect(core.store.runs.get('20250101-000000-aaaa')).toMatchObject({ state: 'interrupted', step: 1, attempt: 4 });
    indexRuns({ ...core, folder: core.paths.runs });
    expect(core.store.runViews.list({ state: null, text: null, limit: 9, after: null }).runs).toHaveLength(1);
  });

  it('tell why they failed', () => {
    const facts = { path: '/d', needBytes: '3 MB' };
    write('20250101-000000-dddd', [{ event: 'error', code: 'DISK_FULL', message: 'm', remedy: 'r', facts, attempt: 1 }]);
    write('20250101-000000-eeee', [{ event: 'error', code: 'DISK_FULL', message: 'm', remedy: 'r' }]);
    indexRuns({ ...core, folder: core.paths.runs });
    expect(core.store.runs.get('20250101-000000-dddd')).toMatchObject({ state: 'failed', error: { code: 'DISK_FULL', facts } });
    expect(core.store.runs.get('20250101-000000-eeee')).toMatchObject({ state: 'failed', error: null });
  });

  it('are cut short for the store where another process works on them', () => {
    const dir = write('20250101-000000-bbbb', [stepEntry(1)]);
    writeFileSync(join(dir, 'run.lock'), JSON.stringify({ pid: process.pid, started }));
    expect(core.runs.adopt(dir, testActor)).toMatchObject({ state: 'interrupted', pid: null });
  });

  it('are found again where they were moved, with what they hold there', () => {
    const dir = write('20250101-000000-cccc', [stepEntry(1)]);
    core.runs.adopt(dir, testActor);
    const moved = join(core.paths.home, 'elsewhere');
    renameSync(dir, moved);
    appendFileSync(join(moved, 'events.jsonl'), `${JSON.stringify({ at: started, ...stepEntry(2) })}\n`);
    expect(core.runs.adopt(moved, testActor)).toMatchObject({ dir: moved, step: 2, state: 'interrupted' });
    expect(core.runs.adopt(join(moved, '..', 'elsewhere'), testActor)).toMatchObject({ dir: moved });
    expect(core.store.audit.verify()).toMatchObject({ broken: null });
  });

  it('are not moved while they are at work', () => {
    const run = left('running', [stepEntry(1)]);
    const copy = writeRunFolder(join(core.paths.home, 'copy'), { run, started, events: [] });
    expect(() => core.runs.adopt(copy, testActor)).toThrow(/is running, so it cannot be moved/);
    expect(() => core.runs.adopt('copy', testActor)).toThrow(/no absolute path/);
  });
});

describe('a folder of a run that never began', () => {
  it('is free for another, and is then that one’s', () => {
    const { runs, book, store, paths } = core;
    const dir = join(paths.home, 'out');
    const start = (): string =>
      runs.start({ config: { model: paths.home, data: { path: join(paths.home, 'lathe.db') } }, name: null, dir, priority: 0, register: null }, testActor).run;
    const first = start();
    expect(start).toThrow(/already holds a run/);
    book.change(first, 'start');
    book.change(first, 'fail');
    const second = start();
    expect(store.runs.findByFolder(dir)?.run).toBe(second);
    writeRunFolder(dir, { run: second, started, events: [] });
    expect(() => runs.resume({ run: first, allow_drift: false, cpu_optimization: undefined }, testCaller)).toThrow(/already holds a run/);
  });
});

describe('a run that is removed', () => {
  it('goes with its folder in LATHE_HOME, and from outside only out of the store', async () => {
    const { runs, store, paths, events } = core;
    const { existsSync } = await import('node:fs');
    const inside = writeRunFolder(join(paths.runs, 'a'), { run: 'a', started, events: [stepEntry(1)] });
    const outside = writeRunFolder(join(paths.home, 'b'), { run: 'b', started, events: [stepEntry(1)] });
    for (const dir of [inside, outside]) runs.adopt(dir, testActor);
    for (const run of ['a', 'b']) runs.remove(run, testCaller);
    expect([existsSync(inside), existsSync(outside), store.runs.isEmpty()]).toEqual([false, true, true]);
    expect(events.filter(({ event }) => event === 'run.removed')).toHaveLength(2);
    expect(() => runs.remove('a', testCaller)).toThrow(/No run a/);
    const active = left('running', []);
    expect(() => runs.remove(active, testCaller)).toThrow(/cannot be removed/);
  });
});
