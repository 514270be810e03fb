import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { stepEntry, testRequest } from '../../test/support/run-folder.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { openDatabase } from './open-database.ts';
import { RunRows } from './run-rows.ts';
import { readSparkline } from './run-sparklines.ts';

const created = '2026-01-01T00:00:00.000Z';
const { database } = openDatabase(join(temporaryFolder(), 'lathe.db'), keepingLogger());
const rows = new RunRows(database);

function runOf(run: string, steps: readonly number[]): string {
  rows.insert({ run, name: null, dir: `/runs/${run}`, priority: 0, created, queued: created, request: testRequest('/m', { data: '/d' }) });
  database.transaction(() =>
    rows.append(
      run,
      steps.map((step) => ({ ...stepEntry(step), at: created })),
    ),
  );
  return run;
}
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a sparkline', () => {
  it('is the whole of a short run', () => {
    expect(readSparkline(database, runOf('short', upTo(5)), 40)).toEqual({ step: [1, 2, 3, 4, 5], loss: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5] });
  });

  it('has even distances, the first and the last step, and no more points than asked for', () => {
    const { step = [], loss = [] } = readSparkline(database, runOf('long', upTo(1_001)), 11) ?? {};
    expect(step).toEqual([1, 101, 201, 301, 401, 501, 601, 701, 801, 901, 1_001]);
    expect(loss).toEqual(step.map((each) => 1 / each));
  });

  it('passes over a gap, and tells no step twice', () => {
    const { step = [] } = readSparkline(database, runOf('gap', [1, 2, 500, 501]), 20) ?? {};
    expect(step).toEqual([1, 2, 500, 501].filter((each) => step.includes(each)));
    expect([step[0], step.at(-1), step.includes(500)]).toEqual([1, 501, true]);
  });

  it('is empty of a run that has no step yet, and none of nobody', () => {
    expect([readSparkline(database, runOf('new', []), 40), readSparkline(database, 'nobody', 40)]).toEqual([{ step: [], loss: [] }, null]);
  });

  it('reads a handful of rows by the index, however long the run is', () => {
    runOf('huge', upTo(100_000));
    const start = performance.now();
    for (let i = 0; i < 200; i += 1) readSparkline(database, 'huge', 40);
    // Two hundred runs of a hundred thousand steps, read whole, would take some ten seconds.
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
