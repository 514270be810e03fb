import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunLogEntry } from '../../shared/contracts/run-events.ts';
import { emptyStore, insertRun, testTime } from '../../test/support/empty-store.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { stepEntry, writeRunFolder } from '../../test/support/run-folder.ts';
import { addRun, indexRuns, moveRun } from './index-runs.ts';
import { summariseRun } from './run-folders.ts';

const done: RunLogEntry = { event: 'done', run: 'a', adapter: '/a', steps: 9, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 };

function opened() {
  const { store, home } = emptyStore();
  const folder = join(home, 'runs');
  const write = (run: string, events: readonly RunLogEntry[], name = run): string => writeRunFolder(join(folder, name), { run, started: testTime, events });
  return { store, folder, write, index: () => indexRuns({ store, folder, log: keepingLogger() }) };
}

describe('runs read in from their folders', () => {
  it('are those that the store does not know, each as its folder tells it', () => {
    const { store, write, index } = opened();
    write('a', [stepEntry(1), stepEntry(9), done]);
    write('b', [stepEntry(3)]);
    insertRun(store, 'c', { dir: write('c', [done]) });
    expect(index()).toEqual({ added: ['a', 'b'], unsound: [] });
    const { event: _, ...result } = done;
    expect(store.runs.get('a')).toMatchObject({ state: 'done', step: 9, result, started: testTime, ended: testTime });
    expect(store.runs.get('b')).toMatchObject({ state: 'interrupted', step: 3, resume: false });
    expect(store.runs.get('c').state).toBe('queued');
    expect(index()).toEqual({ added: [], unsound: [] });
  });

  it('are none where there is no folder', () => expect(opened().index()).toEqual({ added: [], unsound: [] }));

  it('leave out, and name, a folder that holds no sound run', () => {
    const { folder, write, index } = opened();
    write('a', []);
    mkdirSync(join(folder, 'notes'));
    mkdirSync(join(folder, 'torn'));
    writeFileSync(join(folder, 'torn', 'run.yaml'), 'run: [');
    expect(index()).toEqual({ added: ['a'], unsound: [join(folder, 'torn')] });
  });

  it('take a copy of a known run for no second one', () => {
    const { store, write, index } = opened();
    write('a', [done]);
    write('a', [], 'copy-of-a');
    expect(index().added).toEqual(['a']);
    expect(store.runs.ids()).toEqual(['a']);
  });
});

it('a run that lies elsewhere now stands as that folder tells, and counts no attempt twice', () => {
  const { store, write } = opened();
  addRun(store, summariseRun(write('a', [stepEntry(1)])));
  store.runs.update('a', { attempt: 3, priority: 5 });
  const elsewhere = write('a', [stepEntry(1), stepEntry(2), done], 'elsewhere');
  writeFileSync(join(elsewhere, 'fence'), '2\n');
  moveRun(store, store.runs.get('a'), summariseRun(elsewhere));
  expect(store.runs.get('a')).toMatchObject({ dir: elsewhere, state: 'done', step: 2, attempt: 3, priority: 5 });
  writeFileSync(join(elsewhere, 'fence'), '7\n');
  moveRun(store, store.runs.get('a'), summariseRun(elsewhere));
  expect(store.runs.get('a').attempt).toBe(7);
});
