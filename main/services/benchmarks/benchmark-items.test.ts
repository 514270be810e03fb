import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChoiceRecord } from '../../../shared/domain/benchmark-record.ts';
import { testSubject, testTask } from '../../../test/support/test-benchmarks.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { StoredScore } from '../../store/score-rows.ts';
import { BenchmarkItems } from './benchmark-items.ts';

const folder = temporaryFolder();
let number = 0;
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** Every third is right; `acc_norm` says the opposite. */
const record = (index: number): ChoiceRecord => ({
  ...{ kind: 'choice', index, id: `i/${index}`, prompt: `Frage ${index}: ümlaut "und" mehr`, cut_tokens: 0, choices: ['ja', 'nein'], answer: 0 },
  ...{ log_probs: [-1, -2], greedy: [true, false], choice: 0, choice_norm: 1 },
  correct: index % 3 === 0 ? { acc: 1, acc_norm: 0 } : { acc: 0, acc_norm: 1 },
});

function made(records: number) {
  const dir = join(folder, String((number += 1)));
  mkdirSync(dir);
  const path = join(dir, '1-x.jsonl');
  writeFileSync(path, line({ task: 'x' }) + Array.from({ length: records }, (_, i) => line(record(i))).join(''));
  const score = { score: 'R.1', run: 'R', position: 1, task: 'x', declared: testTask('x'), subject: testSubject('m') } as StoredScore;
  return { path, files: { score, dir }, items: new BenchmarkItems() };
}

const all = { score: 'R.1', only: 'all', text: null, after: -1, limit: 2 } as const;

describe('items of a score', () => {
  it('come in pages, as they were written', async () => {
    const { files, items } = made(5);
    expect(await items.page(files, all)).toEqual({ items: [record(0), record(1)], total: 5, more: true });
    expect(await items.page(files, { ...all, after: 3 })).toEqual({ items: [record(4)], total: 5, more: false });
  });

  it('are right or wrong by the mark that is the score', async () => {
    const { files, items } = made(7);
    const indices = async (only: 'right' | 'wrong') => (await items.page(files, { ...all, only, limit: 50 })).items.map(({ index }) => index);
    expect([await indices('right'), await indices('wrong')]).toEqual([
      [0, 3, 6],
      [1, 2, 4, 5],
    ]);
  });

  it('are found by their words, whatever the case', async () => {
    const { files, items } = made(12);
    expect(await items.page(files, { ...all, text: 'frage 1:', only: 'wrong' })).toMatchObject({ items: [{ index: 1 }], total: 1, more: false });
    expect((await items.page(files, { ...all, text: 'ÜMLAUT "und"' })).total).toBe(12);
  });

  it('grow while they are scored; a torn line is none yet, and a file that begins anew is read anew', async () => {
    const { path, files, items } = made(2);
    expect((await items.page(files, all)).total).toBe(2);
    appendFileSync(path, line(record(2)) + '{"kind":"choice","ind');
    expect((await items.page(files, all)).total).toBe(3);
    writeFileSync(path, line({ task: 'x' }) + line(record(0)));
    expect(await items.page(files, all)).toEqual({ items: [record(0)], total: 1, more: false });
  });

  it('are none where nothing was written', async () => {
    const { files, items } = made(1);
    expect(await items.page({ ...files, dir: join(folder, 'none') }, all)).toEqual({ items: [], total: 0, more: false });
  });
});
