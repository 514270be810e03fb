import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isEnded } from '../../shared/domain/run-state.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { testCaller, testCore, type TestCore, type TestCoreOptions } from '../../test/support/test-core.ts';

const folder = temporaryFolder();
const open: TestCore[] = [];
let number = 0;
const patient = { timeout: 20_000 };

function core(options: TestCoreOptions = {}, home = join(folder, String((number += 1)))): TestCore {
  mkdirSync(home, { recursive: true });
  const made = testCore(home, options);
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const hasStepped = ({ state, step }: { readonly state: string; readonly step: number }): boolean => state === 'running' && step > 0;
const ended = ({ state }: { readonly state: Parameters<typeof isEnded>[0] }): boolean => isEnded(state);
const startedIn = ({ events }: TestCore): string[] =>
  events.flatMap((event) => (event.event === 'run.changed' && event.data.state === 'running' && event.data.pid === null ? [event.data.run] : []));

describe('the queue', () => {
  it('goes by priority, then by age, also where all were queued in one millisecond', async () => {
    const at = new Date();
    const { queue, until, ...rest } = core({ cores: 1, now: () => at });
    const first = queue('obey', { priority: 5 });
    const others = [queue('done'), queue('done', { priority: 3 }), queue('done')];
    await until(first, ({ step }) => step > 0);
    rest.runs.stop({ run: first, force: true }, testCaller);
    for (const run of others) await until(run, ended);
    const [a = '', b = '', c = ''] = others;
    expect([...new Set(startedIn(rest as TestCore))]).toEqual([first, b, a, c]);
  });

  it('lets no small run overtake a large one', async () => {
    const { queue, until, states, scheduler, runs } = core({ cores: 2 });
    const first = queue('obey');
    const large = queue('done', { threads: 2 });
    const small = queue('done');
    await until(first, hasStepped);
    await new Promise((resolve) => setImmediate(resolve));
    expect(states([large, small])).toEqual(['queued', 'queued']);
    expect(scheduler.activeCount).toBe(1);
    runs.stop({ run: first, force: false }, testCaller);
    await until(small, ended);
    expect(states([first, large, small])).toEqual(['cancelled', 'done', 'done']);
  });

  it('keeps its order when the clock is set back', async () => {
    let at = Date.parse('2026-05-05T12:00:00Z');
    const { queue, book, until } = core({ cores: 1, now: () => new Date(at) });
    const first = queue('done');
    at -= 3_600_000;
    const second = queue('done');
    expect(book.queue().map(({ run }) => run)).toEqual([first, second]);
    at += 7_200_000;
    await until(second, ended);
  });

  it('leaves to another host what was queued before, by a clock that was set back too', async () => {
    let at = Date.parse('2026-05-05T12:00:00Z');
    const home = join(folder, 'older');
    const before = core({ cores: 0, now: () => new Date(at) }, home);
    await before.close();
    open.pop();
    const again = core({ now: () => new Date(at), leavesOlder: false }, home);
    await again.close();
    open.pop();
    // Queued while nobody starts anything.
    const silent = core({ now: () => new Date(at) }, home);
    await silent.scheduler.close();
    const old = silent.queue('done');
    silent.store.close();
    open.pop();
    const command = core({ now: () => new Date(at), leavesOlder: true }, home);
    at -= 3_600_000;
    const mine = command.queue('done');
    await command.until(mine, ended);
    expect(command.states([old, mine])).toEqual(['queued', 'done']);
    expect(command.scheduler.isBusy).toBe(false);
    // Asked for anew it is this host's.
    command.runs.stop({ run: old, force: false }, testCaller);
    command.runs.resume({ run: old, allow_drift: false, cpu_optimization: undefined }, testCaller);
    await command.until(old, ({ state }) => state === 'done');
  });
});

describe('room beside a run', () => {
  it('is looked for with the plan, which is made first', async () => {
    const { queue, until, states, store, runs } = core({ freeMemory: () => 1_000 });
    const first = queue('obey', { data: '/rows 300' });
    await until(first, hasStepped);
    const fits = queue('obey', { data: '/rows 900' });
    expect((await until(fits, hasStepped)).plan?.memory.total_bytes).toBe(900);
    runs.stop({ run: fits, force: true }, testCaller);
    await until(fits, ended);
    const large = queue('done', { data: '/rows 1001' });
    await until(large, ({ plan }) => plan !== null);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(states([first, large])).toEqual(['running', 'queued']);
    runs.stop({ run: first, force: true }, testCaller);
    await until(large, ended);
    expect(store.runs.get(large).state).toBe('done');
  });
});

describe('what a run reports', () => {
  it('is there for one who asks at once, and told to all listeners once a second', async () => {
    const { queue, until, runs, events, store } = core();
    const run = queue('obey');
    await until(run, hasStepped);
    const told = (): number => events.filter(({ event }) => event === 'run.changed').length;
    const [before, lines] = [told(), store.runs.allLines(run).length];
    runs.pause(run, testCaller);
    await expect.poll(() => (runs.get(run), store.runs.allLines(run).length), { ...patient, interval: 5 }).toBeGreaterThan(lines);
    // The pause itself, and no more than that for the line that was asked for.
    expect(told()).toBe(before + 1);
    await expect.poll(told, patient).toBe(before + 2);
    runs.stop({ run, force: true }, testCaller);
    await until(run, ended);
  });
});

describe('a run', () => {
  it('is held and goes on, also when it is asked before its process is there', async () => {
    const { queue, until, runs, store } = core();
    const run = queue('obey');
    await until(run, ({ state }) => state === 'running');
    runs.pause(run, testCaller);
    const notes = (): string[] => store.runs.allLines(run).flatMap((line) => (line.event === 'note' ? [line.message] : []));
    await expect.poll(() => (runs.get(run), notes()), patient).toEqual([JSON.stringify({ pause: 'user', isUserActive: false })]);
    expect(() => runs.pause(run, testCaller)).toThrow(/is paused, so it cannot be paused/);
    runs.continue(run, testCaller);
    await expect.poll(() => (runs.get(run), notes().at(-1)), patient).toBe(JSON.stringify({ pause: null, isUserActive: false }));
    expect(runs.stop({ run, force: false }, testCaller).state).toBe('stopping');
    await until(run, ended);
    expect(store.runs.get(run)).toMatchObject({ state: 'cancelled', step: 7 });
  });

  it('stays held by the user when the power comes and goes', async () => {
    let source: 'mains' | 'battery' = 'mains';
    const { book, scheduler, until, runs, store, queue } = core({ power: { isKnown: true, read: () => source } });
    const run = queue('obey');
    const { request } = store.runs.get(run);
    const cpu = { ...request.config.cpu_optimization, pause_on_battery: true };
    book.update(run, { request: { ...request, config: { ...request.config, cpu_optimization: cpu } } });
    scheduler.wake();
    await until(run, hasStepped);
    runs.pause(run, testCaller);
    source = 'battery';
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    source = 'mains';
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    runs.get(run);
    const told = store.runs.allLines(run).flatMap((line) => (line.event === 'note' ? [(JSON.parse(line.message) as { pause: unknown }).pause] : []));
    expect(told).toEqual(['user']);
  });

  it('does not start on battery where it asked for that, keeps nobody else from it, and says so', async () => {
    let source: 'mains' | 'battery' = 'battery';
    const { book, until, states, store, queue } = core({ power: { isKnown: true, read: () => source } });
    const run = queue('done');
    const { request } = store.runs.get(run);
    const cpu = { ...request.config.cpu_optimization, pause_on_battery: true };
    book.update(run, { request: { ...request, config: { ...request.config, cpu_optimization: cpu } } });
    const other = queue('done');
    await until(other, ended);
    expect(states([run, other])).toEqual(['queued', 'done']);
    expect(store.runs.allLines(run)).toMatchObject([{ event: 'pause', reason: 'battery' }]);
    source = 'mains';
    await until(run, ended);
    expect(store.runs.allLines(run).map(({ event }) => event)).toEqual(['pause', 'continue', 'done']);
  });

  it('leaves the queue when it is stopped there', () => {
    const { queue, runs, store } = core();
    const run = queue('done');
    expect(runs.stop({ run, force: false }, testCaller).state).toBe('cancelled');
    expect(store.runs.get(run)).toMatchObject({ attempt: 0, ended: expect.any(String) });
    expect(() => runs.stop({ run, force: false }, testCaller)).toThrow(/not running/);
  });

  it('is changed only as it was read', () => {
    const { queue, runs, book } = core({ leavesOlder: true });
    const run = queue('done');
    const { revision } = runs.status(run);
    const as = (read: number) => ({ ...testCaller, revision: read });
    expect(runs.setPriority({ run, priority: 5 }, as(revision)).revision).toBe(revision + 1);
    const changes = [
      () => runs.setPriority({ run, priority: 7 }, as(revision)),
      () => runs.stop({ run, force: false }, as(revision)),
      () => runs.pause(run, as(revision)),
    ];
    for (const change of changes) expect(change).toThrow(expect.objectContaining({ code: 'PRECONDITION_FAILED' }));
    expect(book.get(run)).toMatchObject({ state: 'queued', priority: 5, revision: revision + 1 });
    const stopped = runs.stop({ run, force: false }, as(revision + 1));
    for (const change of [() => runs.resume({ run, allow_drift: false, cpu_optimization: undefined }, as(revision)), () => runs.remove(run, as(revision))])
      expect(change).toThrow(expect.objectContaining({ code: 'PRECONDITION_FAILED' }));
    expect(runs.remove(run, as(stopped.revision))).toBeNull();
  });

  it('is only stopped harder when it is asked again', async () => {
    const { queue, until, runs, store } = core();
    const run = queue('deaf');
    await until(run, ({ state }) => state === 'running');
    runs.stop({ run, force: true }, testCaller);
    runs.stop({ run, force: false }, testCaller);
    await until(run, ended);
    expect(store.runs.get(run).state).toBe('cancelled');
  });

  it('fails with its error, and is started again after a death', async () => {
    const { queue, until, store } = core();
    const [wrong, stumbling] = [queue('fail'), queue('stumble')];
    expect(await until(wrong, ended)).toMatchObject({ state: 'failed', restarts: 0, error: { code: 'FILE_MISSING' } });
    expect(await until(stumbling, ({ state }) => state === 'done')).toMatchObject({ attempt: 2, restarts: 1, error: null });
    expect(store.runs.allLines(stumbling).map(({ event }) => event)).toEqual(['error', 'done']);
  });

  it('is left alone after it died three times, with the last lines of its process beside it', async () => {
    const { queue, until, store, scheduler, runs } = core();
    const run = queue('die SIGKILL');
    mkdirSync(store.runs.get(run).dir, { recursive: true });
    await until(run, ({ state, attempt }) => state === 'interrupted' && attempt === 3);
    await expect.poll(() => scheduler.isBusy, patient).toBe(false);
    expect(store.runs.get(run)).toMatchObject({ restarts: 2, resume: false, error: { code: 'COMPUTE_KILLED' } });
    const lines = readFileSync(join(store.runs.get(run).dir, 'last-lines.log'), 'utf8');
    expect(lines).toMatch(/INFO test: the last words token=\[secret\]\n$/);
    expect(runs.get(run).last_lines.join('\n')).toBe(lines.trimEnd());
    expect(store.runs.cutShort()).toEqual([]);
  });

  it('that the host ends can go on by itself; one that its user had stopped or held does not', async () => {
    const { queue, until, runs, store, scheduler, states } = core({ cores: 3 });
    const [going, held, stopped] = [queue('obey', { data: '/r 1' }), queue('obey', { data: '/r 1' }), queue('deaf', { data: '/r 1' })];
    for (const run of [going, held]) await until(run, hasStepped);
    await until(stopped, ({ state }) => state === 'running');
    runs.pause(held, testCaller);
    runs.stop({ run: stopped, force: false }, testCaller);
    const closed = scheduler.close();
    scheduler.stop(stopped, { force: true });
    await closed;
    expect(states([going, held, stopped])).toEqual(['interrupted', 'interrupted', 'cancelled']);
    expect(store.runs.cutShort().map(({ run }) => run)).toEqual([going]);
  });

  it('takes a number above that of its folder, where another store has counted on', async () => {
    const { queue, until, store } = core();
    const run = queue('done');
    const { dir } = store.runs.get(run);
    mkdirSync(dir, { recursive: true });
    (await import('node:fs')).writeFileSync(join(dir, 'fence'), '7\n');
    expect((await until(run, ended)).attempt).toBe(8);
  });
});

describe('a store that cannot be written for a while', () => {
  it('costs no end of a run', async () => {
    const { queue, until, store, book } = core();
    const run = queue('obey');
    await until(run, hasStepped);
    const change = book.change.bind(book);
    let refusals = 0;
    book.change = (...args) => {
      if (args[1] === 'cancel' && (refusals += 1) < 3) throw new Error('database or disk is full');
      return change(...args);
    };
    change(run, 'stop');
    open.at(-1)?.scheduler.stop(run, { force: true });
    await until(run, ended);
    expect([store.runs.get(run).state, refusals]).toEqual(['cancelled', 3]);
  });
});
