/** Items at the edge against the reference harness: longer than the model's context, empty, blank and equal choices, blanks that only Python knows, texts in windows. */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBenchmark } from '../../compute/benchmark/run-benchmark.ts';
import { BenchmarkRecord, type BenchmarkResult, type ChoiceRecord, type TextRecord } from '../../shared/domain/benchmark-record.ts';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface ExpectedItem {
  readonly argmax: number;
  readonly acc: number;
  readonly acc_norm: number;
  readonly logprobs: readonly number[];
  readonly greedy: readonly boolean[];
}

interface ExpectedRun {
  readonly rows: readonly unknown[];
  readonly items: readonly ExpectedItem[];
  readonly logprobs: readonly number[];
  readonly word_perplexity: number;
  readonly byte_perplexity: number;
  readonly bits_per_byte: number;
}

const root = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder();
const { runs } = JSON.parse(readFileSync(join(import.meta.dirname, 'benchmarks', 'edges_expected.json'), 'utf8')) as { runs: Record<string, ExpectedRun> };
const bound = (logProb: number): number => 1e-3 + 1e-4 * Math.abs(logProb);
const data = { file: 'edges', url: '', split: '', licence: 'CC0-1.0' };
const common = { name: 'edges', title: 'Edges', version: 1, data };

async function scored(task: object, rows: readonly unknown[]): Promise<{ result: BenchmarkResult; records: BenchmarkRecord[] }> {
  const recordsPath = join(folder, `${randomUUID()}.jsonl`);
  const path = join(folder, `${randomUUID()}-rows.jsonl`);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const result = await runBenchmark(
    {
      ...{ kind: 'benchmark', model: join(root, 'resources', 'models', 'lathe-base.gguf'), adapter: null, task: BenchmarkTask.parse(task), data: path },
      ...{ limit: null, numFewshot: 0, chatTemplate: false, recordsPath, engine: { cpu: cpuDefaults(1), precision: 'fp32' } },
    },
    { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder },
  );
  const [, ...lines] = readFileSync(recordsPath, 'utf8').trimEnd().split('\n');
  return { result, records: lines.map((line) => BenchmarkRecord.parse(JSON.parse(line))) };
}

const choosing = {
  ...{ ...common, kind: 'multiple_choice', prompt: '{{ question }}{{ extra }}', choices: { field: 'choices.text' } },
  ...{ answer: { field: 'answerKey', among: 'choices.label' }, metrics: ['acc', 'acc_norm'] },
};

describe.each(['choices ', 'choices blanks at the end'])('%s', (name) => {
  it('have the log-probabilities and the marks of the reference harness; what was cut is counted', { timeout: 60_000 }, async () => {
    const wanted = runs[name] ?? expect.fail('it has no such run');
    const { result, records } = await scored(choosing, wanted.rows);
    expect(records).toHaveLength(wanted.items.length);
    (records as ChoiceRecord[]).forEach(({ log_probs, choice, greedy, correct }, i) => {
      const item = wanted.items[i] ?? expect.fail('it has no such item');
      log_probs.forEach((found, c) =>
        expect(Math.abs(found - (item.logprobs[c] ?? NaN)), `item ${i}, choice ${c}`).toBeLessThanOrEqual(bound(item.logprobs[c] ?? 0)),
      );
      expect({ choice, greedy, ...correct }, `item ${i}`).toEqual({ choice: item.argmax, greedy: item.greedy, acc: item.acc, acc_norm: item.acc_norm });
    });
    expect(result.cut_items).toBe(2);
    expect(records.map(({ cut_tokens }) => cut_tokens > 0).slice(0, 4)).toEqual([false, true, true, false]);
  });
});

it('texts have the perplexities of the reference harness, window by window', { timeout: 60_000 }, async () => {
  const wanted = runs['texts'] ?? expect.fail('it has no such run');
  const { result, records } = await scored({ ...common, kind: 'perplexity', text: '{{ text }}' }, wanted.rows);
  (records as TextRecord[]).forEach(({ log_prob }, i) =>
    expect(Math.abs(log_prob - (wanted.logprobs[i] ?? NaN)), `text ${i}`).toBeLessThanOrEqual(bound(log_prob)),
  );
  for (const { name, value } of result.metrics) {
    const figure = wanted[name as 'word_perplexity'];
    expect(Math.abs(value / figure - 1), name).toBeLessThanOrEqual(1e-3);
  }
});
