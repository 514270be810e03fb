import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunLogEntry, RunLogLine } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { emptyStore, insertRun, ownFolder, testTime } from '../../test/support/empty-store.ts';
import { stepEntry, writeRunFolder } from '../../test/support/run-folder.ts';
import { reindexRun } from './reindex-run.ts';

const note = (message: string): RunLogEntry => ({ event: 'note', message });
const evaluation = (step: number): RunLogEntry => ({ event: 'eval', step, eval_loss: 1, best: false });

function told(events: readonly RunLogEntry[]) {
  const { store } = emptyStore();
  const dir = writeRunFolder(join(ownFolder(), 'a'), { run: 'a', started: testTime, events });
  insertRun(store, 'a', { dir });
  return {
    ...{ store, dir, path: join(dir, runFiles.events) },
    reindex: (): readonly RunLogLine[] => reindexRun(store, { run: 'a', dir }),
    figures: () => {
      const { steps, evaluations } = store.runs.metrics('a', 0, 1_000);
      return [steps.step, evaluations.map(({ step }) => step)];
    },
    notes: () => store.runs.allLines('a').map((line) => (line.event === 'note' ? line.message : line.event)),
  };
}

describe('a run’s figures', () => {
  it('become those of its folder, however often they are read in', () => {
    const { reindex, figures, notes } = told([note('one'), stepEntry(1), evaluation(1), stepEntry(2), note('two')]);
    expect(reindex()).toHaveLength(5);
    reindex();
    expect([figures(), notes()]).toEqual([
      [[1, 2], [1]],
      ['one', 'two'],
    ]);
  });

  it('leave out a line that a kill tore, and what is no event', () => {
    const { reindex, figures, path } = told([stepEntry(1)]);
    appendFileSync(path, `{"at":"${testTime}","event":"nonsense"}\n\n${JSON.stringify({ at: testTime, ...stepEntry(2) })}\n{"at":"20`);
    reindex();
    expect(figures()).toEqual([[1, 2], []]);
  });

  it('stay where the folder is gone', () => {
    const { reindex, figures, dir } = told([stepEntry(1)]);
    reindex();
    rmSync(dir, { recursive: true });
    expect([reindex(), figures()]).toEqual([[], [[1], []]]);
  });

  it('are those of the last attempt from its first step on, whatever the attempts before it did', () => {
    const attempts = fc.array(fc.record({ from: fc.integer({ min: 1, max: 6 }), count: fc.integer({ min: 1, max: 6 }) }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(attempts, (made) => {
        let expected: number[] = [];
        const events: RunLogEntry[] = [];
        for (const { from, count } of made) {
          // No attempt begins behind the last checkpoint.
          const first = Math.min(from, expected.length + 1);
          const steps = Array.from({ length: count }, (_, i) => first + i);
          expected = [...expected.slice(0, first - 1), ...steps];
          events.push(...steps.flatMap((step) => [stepEntry(step), evaluation(step)]));
        }
        const { reindex, figures } = told(events);
        reindex();
        expect(figures()).toEqual([expected, expected]);
      }),
      { numRuns: 15 },
    );
  });
});
