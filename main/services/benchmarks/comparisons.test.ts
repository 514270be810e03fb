/** Scores of a store set against each other: figures of several at once, and the items on which two differ. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choiceRecord, madeScore } from '../../../test/support/made-scores.ts';
import { testRegistry, type TestRegistry } from '../../../test/support/registry.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { calls } from '../../../shared/contracts/calls.ts';
import { Comparisons } from './comparisons.ts';

const folder = temporaryFolder();
let count = 0;

function scene(): TestRegistry & { readonly comparisons: Comparisons } {
  const parts = testRegistry(join(folder, String((count += 1))));
  return { ...parts, comparisons: new Comparisons((score) => parts.store.scores.get(score)) };
}

const compareInput = (scores: readonly string[]) => calls['benchmarks.compare'].input.parse({ scores });
const flipsInput = (input: object) => calls['benchmarks.flips'].input.parse(input);

describe('compare', () => {
  it('sets every score against the first', async () => {
    const { comparisons, ...parts } = scene();
    const base = madeScore({ ...parts, marks: '0011001100' });
    const [one, two] = ['1111001100', '0000000000'].map((marks) => madeScore({ ...parts, version: 'support@1.0.0', marks }));
    const found = await comparisons.compare(compareInput([base, one ?? '', two ?? '']));
    expect(found.comparisons).toMatchObject([
      { base, other: one, base_label: 'base', other_label: 'support@1.0.0', task: 'arc_easy', metric: 'acc', difference: 0.2, mcnemar: { gained: 2, lost: 0 } },
      { base, other: two, mcnemar: { gained: 0, lost: 4 } },
    ]);
    expect(calls['benchmarks.compare'].output.safeParse(found).success).toBe(true);
  });

  it('refuses one that is not made, and one that nobody knows', async () => {
    const { comparisons, ...parts } = scene();
    const base = madeScore({ ...parts, marks: '01' });
    parts.store.scores.update(base, { state: 'running', result: null });
    await expect(comparisons.compare(compareInput([base, base]))).rejects.toMatchObject({ code: 'SCORE_UNFINISHED', facts: { state: 'running' } });
    await expect(comparisons.compare(compareInput(['none.1', base]))).rejects.toMatchObject({ code: 'SCORE_UNKNOWN' });
  });

  it('tells where the records are gone or torn', async () => {
    const { comparisons, ...parts } = scene();
    const [base, other] = [madeScore({ ...parts, marks: '01' }), madeScore({ ...parts, marks: '11' })];
    const records = parts.store.scores.get(other).result?.records ?? '';
    appendFileSync(records, JSON.stringify(choiceRecord('1', 2)).slice(0, 40));
    await expect(comparisons.compare(compareInput([base, other]))).rejects.toMatchObject({
      code: 'BENCHMARK_RECORDS_INVALID',
      facts: { line: 4, problem: 'no JSON' },
    });
    rmSync(records);
    await expect(comparisons.compare(compareInput([base, other]))).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});

describe('flips', () => {
  it('shows the items that differ, page by page, in the direction that is asked for', async () => {
    const { comparisons, ...parts } = scene();
    const [base, other] = [madeScore({ ...parts, marks: '0011001101' }), madeScore({ ...parts, marks: '1010011100' })];
    const indexes = async (input: object): Promise<readonly unknown[]> => {
      const { items, total, more } = await comparisons.flips(flipsInput({ base, other, ...input }));
      return [items.map(({ index }) => index), total, more];
    };
    expect(await indexes({})).toEqual([[0, 3, 5, 9], 4, false]);
    expect(await indexes({ direction: 'gained' })).toEqual([[0, 5], 2, false]);
    expect(await indexes({ direction: 'lost' })).toEqual([[3, 9], 2, false]);
    expect(await indexes({ limit: 2 })).toEqual([[0, 3], 4, true]);
    expect(await indexes({ limit: 2, after: 3 })).toEqual([[5, 9], 4, false]);
    const { items } = await comparisons.flips(flipsInput({ base, other, limit: 1 }));
    expect(items[0]).toMatchObject({ id: 'item-0', base: { correct: { acc: 0 } }, other: { correct: { acc: 1 } } });
  });

  it('looks at the items that both have, and refuses scores of other ones', async () => {
    const { comparisons, ...parts } = scene();
    const [base, other] = [madeScore({ ...parts, marks: '00001' }), madeScore({ ...parts, marks: '01', changes: { limit: 2 } })];
    expect((await comparisons.flips(flipsInput({ base, other }))).items.map(({ index }) => index)).toEqual([1]);
    const elsewhere = madeScore({ ...parts, marks: '00001', changes: { chat_template: true } });
    await expect(comparisons.flips(flipsInput({ base, other: elsewhere }))).rejects.toThrow('only one is in the chat template');
    await expect(comparisons.flips(flipsInput({ base, other, metric: 'exact_match' }))).rejects.toThrow('their items have no exact_match');
  });
});
