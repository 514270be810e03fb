/** Drawn solved items against lm_eval.api.samplers.ContextSampler (0.4.13) with its seed; what they are drawn from; too few of them. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { readItems } from './read-items.ts';
import { findShots } from './shots.ts';

const folder = temporaryFolder();
const letters = [...'abacadae'];
const rows = (texts: readonly string[]): string => texts.map((q) => `${JSON.stringify({ q, a: 'x' })}\n`).join('');

const task = (shots: object | undefined): BenchmarkTask =>
  BenchmarkTask.parse({
    ...{ kind: 'exact_match', name: 'w', title: 'W', version: 1, prompt: '{{ q }}', answers: { field: 'a' } },
    data: { file: 'w', url: '', split: '', licence: 'CC0-1.0', ...(shots === undefined ? {} : { shots }) },
  });

async function drawn(shots: object | undefined, { own, count = 3 }: { own: readonly string[] | null; count?: number }): Promise<string[]> {
  const place = mkdtempSync(join(folder, 'data-'));
  const data = join(place, 'w.jsonl');
  writeFileSync(data, rows(letters));
  if (own !== null) writeFileSync(join(place, 'w.train.jsonl'), rows(own));
  const source = findShots({ task: task(shots), data, numFewshot: count }) ?? expect.fail('some were asked for');
  expect(source.isOwn).toBe(own !== null);
  const all = await source.draw(await readItems({ path: data, task: task(shots), limit: null }));
  return all.map((each) => each.map(({ prompt }) => prompt).join(''));
}

const withoutItself = ['bde', 'aae', 'edc', 'aab', 'bdc', 'baa', 'dce', 'abd'];

it('are never the item itself where they come from the scored ones, however often its row is there', async () => {
  expect(await drawn(undefined, { own: null })).toEqual(withoutItself);
  expect(await drawn({ file: 'w.train', split: 'train' }, { own: null })).toEqual(withoutItself);
});

it('come from the file that the task names beside the items, one more drawn than shown where the harness does', async () => {
  expect(await drawn({ file: 'w.train', split: 'train' }, { own: letters })).toEqual(['eaa', 'baa', 'ada', 'baa', 'caa', 'aad', 'eac', 'aab']);
  expect(await drawn({ file: 'w.train', split: 'train', one_more: true }, { own: letters })).toEqual(withoutItself);
});

it('are refused where there are too few', async () => {
  const few = drawn({ file: 'w.train', split: 'train' }, { own: ['a', 'b'] });
  await expect(few).rejects.toMatchObject({ code: 'BENCHMARK_SHOTS_FEW', facts: { rows: 2, needed: 3 } });
  expect(findShots({ task: task(undefined), data: 'w.jsonl', numFewshot: 0 })).toBeNull();
});
