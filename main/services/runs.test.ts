import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StartRun } from '../../shared/contracts/run-calls.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { ownFolder } from '../../test/support/empty-store.ts';
import { stepEntry, writeRunFolder } from '../../test/support/run-folder.ts';
import { testActor, testCaller, testCore } from '../../test/support/test-core.ts';

/** Nothing is started by itself. */
async function opened() {
  const home = ownFolder();
  const core = testCore(home);
  onTestFinished(() => core.store.close());
  await core.scheduler.close();
  for (const name of ['m.gguf', 'rows.jsonl']) writeFileSync(join(home, name), '');
  const start = (said: Partial<StartRun> = {}) =>
    core.runs.start(StartRun.parse({ config: { model: join(home, 'm.gguf'), data: { path: join(home, 'rows.jsonl') } }, ...said }), testActor);
  const actions = () => core.store.audit.list({ limit: 99, before: null }).map(({ action }) => action);
  return { ...core, home, start, actions };
}
const unknown = expect.objectContaining({ code: 'RUN_UNKNOWN' });

describe('a run that is started', () => {
  it('waits in the queue under its own folder, with every value set', async () => {
    const { start, runs, paths, actions } = await opened();
    const { run, state, dir } = start({ name: 'first', priority: 2 });
    expect([state, dir]).toEqual(['queued', join(paths.runs, run)]);
    expect(runs.get(run)).toMatchObject({
      name: 'first',
      priority: 2,
      request: { config: { training: { batch_size: expect.any(Number) } } },
      record: null,
      last_lines: [],
    });
    expect([runs.status(dir).run, runs.find(run).run]).toEqual([run, run]);
    expect(actions()).toEqual(['runs.start']);
  });

  it('is refused where its files are missing or its folder is named or taken otherwise', async () => {
    const { start, store, home } = await opened();
    expect(() => start({ config: { model: '/none', data: { path: '/none' } } })).toThrow(expect.objectContaining({ code: 'FILE_MISSING' }));
    expect(() => start({ config: { data: { path: '/none' } } })).toThrow(expect.objectContaining({ code: 'FILE_MISSING' }));
    expect(() => start({ dir: 'out' })).toThrow(/no absolute path/);
    start({ dir: join(home, 'out') });
    expect(() => start({ dir: join(home, 'deep', '..', 'out') })).toThrow(expect.objectContaining({ code: 'RUN_FOLDER_TAKEN' }));
    expect(store.runs.ids()).toHaveLength(1);
  });
});

describe('a run that is told something', () => {
  it('stops in the queue at once, and is then over', async () => {
    const { start, runs, actions } = await opened();
    const { run } = start();
    expect(runs.stop({ run, force: false }, testCaller)).toMatchObject({ state: 'cancelled', ended: expect.any(String) });
    expect(() => runs.stop({ run, force: false }, testCaller)).toThrow(expect.objectContaining({ code: 'RUN_NOT_RUNNING' }));
    expect(actions()).toEqual(['runs.stop', 'runs.start']);
  });

  it('is stopped once for the audit log, however often it is asked', async () => {
    const { start, runs, book, actions } = await opened();
    const { run } = start();
    book.change(run, 'start');
    for (const force of [false, true]) expect(runs.stop({ run, force }, testCaller).state).toBe('stopping');
    expect(actions()).toEqual(['runs.stop', 'runs.start']);
  });

  it('changes its place only while it waits', async () => {
    const { start, runs, book } = await opened();
    const [first, second] = [start().run, start().run];
    expect(runs.setPriority({ run: second, priority: 5 }, testCaller).priority).toBe(5);
    expect(book.queue().map(({ run }) => run)).toEqual([second, first]);
    book.change(first, 'start');
    expect(() => runs.setPriority({ run: first, priority: 9 }, testCaller)).toThrow(/running.*change its place/);
  });

  it('is held and goes on only while it is at work', async () => {
    const { start, runs, book } = await opened();
    const { run } = start();
    expect(() => runs.pause(run, testCaller)).toThrow(/be paused/);
    book.change(run, 'start');
    expect(runs.pause(run, testCaller).state).toBe('paused');
    expect(runs.continue(run, testCaller).state).toBe('running');
  });

  it.each(['none', "' OR 1=1 --", '../..'])('must be there: %j', async (run) => {
    const { runs } = await opened();
    for (const ask of [
      () => runs.status(run),
      () => runs.get(run),
      () => runs.metrics({ run, since: 0, limit: 1 }),
      () => runs.lines({ run, after: 0, limit: 1 }),
      () => runs.stop({ run, force: true }, testCaller),
      () => runs.remove(run, testCaller),
    ])
      expect(ask).toThrow(unknown);
  });
});

describe('a run that shall go on', () => {
  it('does not while it is at work', async () => {
    const { start, runs, book } = await opened();
    const { run } = start();
    book.change(run, 'start');
    expect(() => runs.resume({ run, allow_drift: false, cpu_optimization: undefined }, testCaller)).toThrow(expect.objectContaining({ code: 'RUN_BUSY' }));
  });

  it('takes what really ran, and only its machine may be set anew', async () => {
    const { start, runs, book, store } = await opened();
    const { run, dir } = start();
    book.change(run, 'start');
    book.change(run, 'interrupt', { restarts: 2 });
    writeRunFolder(dir, { run, started: new Date().toISOString(), events: [stepEntry(1)] });
    const cores = availableParallelism();
    const asked = { num_workers: cores + 7, use_simd: false } as never;
    expect(runs.resume({ run, allow_drift: true, cpu_optimization: asked }, testCaller)).toMatchObject({ state: 'queued', restarts: 0 });
    const { request, resume, allow_drift } = store.runs.get(run);
    expect([request.config.model, request.config.cpu_optimization.num_workers, request.config.cpu_optimization.use_simd]).toEqual([
      '/models/m.gguf',
      cores,
      true,
    ]);
    expect([resume, allow_drift, request.notes]).toEqual([true, true, [`num_workers is cut from ${cores + 7} to ${cores}, the cores of this machine.`]]);
  });
});

it('shows the last lines of a process only of the attempt that ended so', async () => {
  const { start, runs, book } = await opened();
  const { run, dir } = start();
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, runFiles.lastLines), 'one\ntwo\n');
  book.change(run, 'start');
  expect(runs.get(run).last_lines).toEqual([]);
  book.change(run, 'fail');
  expect(runs.get(run).last_lines).toEqual(['one', 'two']);
  book.change(run, 'queue');
  expect(runs.get(run).last_lines).toEqual([]);
});
