import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BenchmarkIdentity } from '../../../shared/domain/benchmark-record.ts';
import { compareValues, type Side } from './compare-values.ts';
import { readItemValues } from './item-values.ts';

const identity: BenchmarkIdentity = {
  ...{ task: 'arc_easy', task_version: 1, task_sha256: 'a'.repeat(64), data_sha256: 'b'.repeat(64) },
  ...{ model_sha256: 'c'.repeat(64), adapter_sha256: null, num_fewshot: 0, chat_template: false, limit: null, precision: 'fp32' },
};

/** A file of records, read as a side. */
async function side(score: string, records: readonly object[], changes: Partial<BenchmarkIdentity> = {}): Promise<Side> {
  const path = join(mkdtempSync(join(tmpdir(), 'lathe-records-')), 'records.jsonl');
  writeFileSync(path, [{ ...identity, ...changes }, ...records].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { score, label: `model of ${score}`, values: await readItemValues(path) };
}

const choices = (marks: string): object[] =>
  [...marks].map((mark, index) => ({ kind: 'choice', index, correct: { acc: Number(mark), acc_norm: 1 - Number(mark) } }));
const written = (marks: string): object[] => [...marks].map((mark, index) => ({ kind: 'written', index, correct: { exact_match: Number(mark) } }));
const texts = (logProbs: readonly number[]): object[] => logProbs.map((log_prob, index) => ({ kind: 'text', index, log_prob, words: 10 + index, bytes: 60 }));
const rules = { metric: 'acc', confidence: 0.95 } as const;

describe('compareValues', () => {
  it('counts what came right and what went wrong, and says it in a sentence', async () => {
    const [base, other] = [
      await side('a.1', choices('0'.repeat(30) + '1'.repeat(158))),
      await side('b.1', choices('1'.repeat(18) + '0'.repeat(16) + '1'.repeat(154))),
    ];
    const found = await compareValues(base, other, rules);
    expect(found).toMatchObject({ task: 'arc_easy', items: 188, base_label: 'model of a.1', mcnemar: { gained: 18, lost: 4 }, verdict: 'better' });
    expect(found.base_value).toBeCloseTo(158 / 188, 12);
    expect(found.other_value).toBeCloseTo(172 / 188, 12);
    expect(found.words).toMatch(/^better at n = 188: \+7\.4 points, 95 % interval \+\d\.\d to \+1\d\.\d \(McNemar p = 0\.004\)$/);
    const back = await compareValues(other, base, rules);
    expect([back.verdict, back.difference]).toEqual(['worse', -found.difference]);
  });

  it('says that nothing can be told, and what could have been', async () => {
    const [base, other] = [
      await side('a.1', choices('0'.repeat(12) + '1'.repeat(176))),
      await side('b.1', choices('1'.repeat(12) + '0'.repeat(10) + '1'.repeat(166))),
    ];
    const found = await compareValues(base, other, rules);
    expect(found.words).toBe('no difference can be told at n = 188: +1.1 points, 95 % interval −4.2 to +6.3 (McNemar p = 0.83); 7.5 points would have shown');
    const one = await compareValues(await side('a.1', choices('0')), await side('b.1', choices('1')), rules);
    expect(one.words).toContain('so few items would hardly have shown any');
  });

  it('takes the metric that is asked for, and written answers', async () => {
    const [base, other] = [await side('a.1', choices('0000011111')), await side('b.1', choices('1111111111'))];
    expect((await compareValues(base, other, { ...rules, metric: 'acc_norm' })).difference).toBe(-0.5);
    const answers = await compareValues(await side('a.1', written('0101')), await side('b.1', written('1111')), { ...rules, metric: 'exact_match' });
    expect(answers).toMatchObject({ difference: 0.5, mcnemar: { gained: 2, lost: 0, p: expect.closeTo(0.5, 12) as number }, verdict: 'undecided' });
    await expect(compareValues(base, other, { ...rules, metric: 'exact_match' })).rejects.toMatchObject({ code: 'SCORES_NOT_COMPARABLE' });
  });

  it('compares perplexities as ratios, weighted by words, and bits a byte as they are', async () => {
    const before = [-30, -36, -41, -50, -44, -61];
    const after = before.map((value, i) => value + 1 + i / 10);
    const [base, other] = [await side('a.1', texts(before)), await side('b.1', texts(after))];
    const words = await compareValues(base, other, { ...rules, metric: 'word_perplexity' });
    expect(words.base_value).toBeCloseTo(Math.exp(262 / 75), 10);
    expect(words.difference).toBeCloseTo(Math.log(words.other_value / words.base_value), 12);
    expect(words).toMatchObject({ verdict: 'better', mcnemar: null });
    expect(words.words).toMatch(/^better at n = 6: word perplexity −9\.\d\d %, 95 % interval −\d+\.\d\d to −\d\.\d\d \(p /);
    const bits = await compareValues(base, other, { ...rules, metric: 'bits_per_byte' });
    expect(bits.difference).toBeCloseTo(bits.other_value - bits.base_value, 12);
    expect(bits.words).toContain('bits per byte');
    expect((await compareValues(other, base, { ...rules, metric: 'bits_per_byte' })).verdict).toBe('worse');
    const few = [await side('a.1', texts([-3, -4])), await side('b.1', texts([-3, -5]))] as const;
    await expect(compareValues(...few, { ...rules, metric: 'word_perplexity' })).rejects.toThrow('2 texts tell nothing of chance');
  });

  it('compares the items that both have where one was limited', async () => {
    const found = await compareValues(await side('a.1', choices('0000')), await side('b.1', choices('110'), { limit: 3 }), rules);
    expect(found).toMatchObject({ items: 3, base_value: 0, mcnemar: { gained: 2, lost: 0 } });
  });

  it.each([
    [{ task: 'boolq' }, 'arc_easy and boolq are two tasks'],
    [{ task_version: 2 }, 'the task was changed in between'],
    [{ task_sha256: 'd'.repeat(64) }, 'the task was changed in between'],
    [{ data_sha256: 'e'.repeat(64) }, 'their items differ (SHA-256 bbbbbbbb… and eeeeeeee…)'],
    [{ num_fewshot: 5 }, 'one is 0-shot, the other 5-shot'],
    [{ chat_template: true }, 'only one is in the chat template'],
    [{ precision: 'bf16' }, 'one is in fp32, the other in bf16'],
  ] as const)('refuses what was made in another way: %o', async (changes, problem) => {
    const sides = [await side('a.1', choices('01')), await side('b.1', choices('11'), changes)] as const;
    await expect(compareValues(...sides, rules)).rejects.toMatchObject({
      code: 'SCORES_NOT_COMPARABLE',
      facts: { base: 'a.1', other: 'b.1', difference: problem },
    });
  });

  it('names the line of records that cannot be read', async () => {
    await expect(side('a.1', [...choices('01'), { kind: 'choice', index: 2 }])).rejects.toMatchObject({
      code: 'BENCHMARK_RECORDS_INVALID',
      facts: { line: 4 },
    });
    await expect(side('a.1', choices('01').toReversed())).rejects.toThrow('item 1 stands where 0 should');
    await expect(readItemValues('/nowhere/records.jsonl')).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
