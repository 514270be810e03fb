import { mkdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../shared/domain/run-state.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { emptyStore, execute, insertRun } from '../../test/support/empty-store.ts';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { stepEntry } from '../../test/support/run-folder.ts';
import { smallLedger } from '../../test/support/small-ledger.ts';
import { RunEnds, type EndedRun } from './run-ends.ts';

const died = new AppError('COMPUTE_KILLED', { resume: 'lathe run resume a' } as never);
const cancelled = new AppError('CANCELLED', { where: 'at step 1', resume: 'x' });
const full = new AppError('DISK_FULL', { path: '/x', needBytes: 1 });

/** A run at work, and what writes down how it ends. */
function atWork({ maxRestarts = 2 } = {}) {
  const { store, home, path } = emptyStore();
  const dir = join(home, 'runs', 'a');
  insertRun(store, 'a', { dir });
  mkdirSync(dir, { recursive: true });
  const { book } = smallLedger(store, home);
  book.change('a', 'start', { attempt: 1 });
  const lines: KeptLine[] = [];
  const ends = new RunEnds({ book, log: keepingLogger(lines), maxRestarts: () => maxRestarts, retryMs: 5 });
  const ended = (said: Partial<EndedRun> = {}): EndedRun => ({
    run: 'a',
    recorder: book.recorder('a'),
    wanted: 'nothing',
    isPaused: false,
    lastLines: [],
    ...said,
  });
  return { store, path, dir, book, lines, ends, ended, told: () => store.runs.allLines('a').map(({ event }) => event) };
}

describe('a run whose process', () => {
  it('came to its end is done, with what came of it', async () => {
    const { ends, ended, store, told } = atWork();
    const result = { run: 'a', adapter: '/a', steps: 9, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 };
    const mine = ended();
    mine.recorder.add(stepEntry(9));
    await ends.finish(mine, result);
    expect(store.runs.get('a')).toMatchObject({ state: 'done', result, step: 9, ended: expect.any(String) });
    expect(told()).toEqual(['done']);
  });

  it.each<readonly [string, { error: AppError; said?: Partial<EndedRun>; stands: readonly [RunState, boolean]; tells: string }]>([
    ['refused its work', { error: full, stands: ['failed', false], tells: 'error' }],
    ['was stopped', { error: cancelled, said: { wanted: 'stop' }, stands: ['cancelled', false], tells: 'cancelled' }],
    ['stopped by itself', { error: cancelled, stands: ['cancelled', false], tells: 'cancelled' }],
    ['was ended with its host', { error: cancelled, said: { wanted: 'close' }, stands: ['interrupted', true], tells: 'error' }],
    ['was held and ended with its host', { error: cancelled, said: { wanted: 'close', isPaused: true }, stands: ['interrupted', false], tells: 'error' }],
    ['died', { error: died, stands: ['queued', true], tells: 'error' }],
    ['died after it was told to end', { error: died, said: { wanted: 'kill' }, stands: ['interrupted', true], tells: 'error' }],
    ['died with its host', { error: died, said: { wanted: 'close' }, stands: ['interrupted', true], tells: 'error' }],
  ])('%s stands as that says', async (_, { error, said = {}, stands: [state, resume], tells }) => {
    const { ends, ended, store, told } = atWork();
    await ends.fail(ended(said), error);
    expect(store.runs.get('a')).toMatchObject({ state, resume, error: { code: error.code } });
    expect(told()).toEqual([tells]);
  });

  it('dies again and again is started so often as that is allowed, then left alone', async () => {
    const { ends, ended, store, book } = atWork({ maxRestarts: 1 });
    await ends.fail(ended(), died);
    expect(store.runs.get('a')).toMatchObject({ state: 'queued', restarts: 1, resume: true });
    book.change('a', 'start', { attempt: 2 });
    await ends.fail(ended(), died);
    expect(store.runs.get('a')).toMatchObject({ state: 'interrupted', restarts: 1, resume: false });
  });
});

describe('the last lines of a process', () => {
  const lastLines = ['one', 'token=hf_abcdefghijkl'];

  it('lie beside what failed, without secrets', async () => {
    const { ends, ended, dir } = atWork();
    await ends.fail(ended({ lastLines }), full);
    const text = readFileSync(join(dir, runFiles.lastLines), 'utf8');
    expect(text).toMatch(/^one\n.*\n$/);
    expect(text).not.toContain('hf_abcdefghijkl');
  });

  it('do not where nothing is to be explained, or the folder is another attempt’s', async () => {
    for (const error of [cancelled, new AppError('RUN_FENCED', {} as never)]) {
      const { ends, ended, dir } = atWork();
      await ends.fail(ended({ lastLines }), error);
      expect(existsSync(join(dir, runFiles.lastLines))).toBe(false);
    }
  });

  it('cost the run nothing where they cannot be written', async () => {
    const { ends, ended, dir, store, lines } = atWork();
    mkdirSync(join(dir, runFiles.lastLines));
    await ends.fail(ended({ lastLines }), full);
    expect(store.runs.get('a').state).toBe('failed');
    expect(lines).toContainEqual(expect.objectContaining({ message: 'the last lines of a run cannot be written' }));
  });
});

describe('a store that cannot be written', () => {
  const shut = "CREATE TRIGGER full BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'full'); END";

  it('is tried again, until the end of the run is in it', async () => {
    const { ends, ended, store, path, lines } = atWork();
    execute(path, shut);
    const ending = ends.fail(ended(), full);
    await expect.poll(() => lines.length).toBeGreaterThan(1);
    expect(store.runs.get('a').state).toBe('running');
    execute(path, 'DROP TRIGGER full');
    await ending;
    expect(store.runs.get('a').state).toBe('failed');
    expect(store.runs.allLines('a')).toHaveLength(1);
  });

  it('is left to the next host where this one comes to its end', async () => {
    const { ends, ended, store, path } = atWork();
    execute(path, shut);
    await ends.fail(ended({ wanted: 'close' }), cancelled);
    expect(store.runs.get('a').state).toBe('running');
  });

  it('is not waited for where the run is gone', async () => {
    const { ends, ended, store, lines } = atWork();
    const mine = ended();
    store.runs.remove('a');
    await ends.finish(mine, { run: 'a', adapter: '/a', steps: 9, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 });
    expect(lines).toHaveLength(1);
  });
});
