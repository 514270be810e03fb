/** Benchmark runs beside what the reference harness gave for the same items. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runBenchmark } from '../../compute/benchmark/run-benchmark.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { BenchmarkRecord, type BenchmarkResult, type ChoiceRecord } from '../../shared/domain/benchmark-record.ts';
import { builtInTask, type benchmarkNames } from './benchmark-tasks.ts';
import { findShared, findSmollm2, withoutShared, withoutSmollm2 } from './smollm2.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface ExpectedItem {
  readonly i: number;
  readonly argmax: number;
  readonly acc: number;
  readonly acc_norm?: number;
  readonly logprobs?: readonly number[];
  readonly greedy?: readonly boolean[];
  readonly requests?: readonly (readonly [prompt: string, continuation: string])[];
  readonly generated: string;
  readonly correct: number;
  readonly prompt?: string;
}

export interface ExpectedTask {
  readonly n: number;
  readonly acc?: number;
  readonly acc_norm?: number;
  readonly correct?: number;
  readonly stderr: Readonly<Record<string, number>>;
  readonly items: readonly ExpectedItem[];
}

interface Expected {
  readonly tasks: Readonly<Record<string, ExpectedTask>>;
}

const folder = temporaryFolder();

/** A log-probability summed over a choice may differ from the reference's so much. */
const bounds = { absolute: 1e-3, relative: 1e-4 };

export interface Scored {
  readonly result: BenchmarkResult;
  readonly records: readonly BenchmarkRecord[];
}

interface ScoreOptions {
  readonly model: string;
  /** Folder with the items. */
  readonly data: string;
  readonly limit: number | null;
  readonly numFewshot?: number;
  readonly chatTemplate?: boolean;
}

export async function score(name: string, { model, data, limit, numFewshot = 0, chatTemplate = false }: ScoreOptions): Promise<Scored> {
  const task = builtInTask(name);
  const recordsPath = join(folder, `${randomUUID()}.jsonl`);
  const engine = { cpu: cpuDefaults(2), precision: 'fp32' as const };
  const job = { kind: 'benchmark' as const, model, adapter: null, task, limit, numFewshot, chatTemplate, recordsPath, engine };
  const path = join(data, `${task.data.file}.jsonl`);
  const result = await runBenchmark({ ...job, data: path }, { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder });
  const records = readFileSync(recordsPath, 'utf8')
    .split('\n')
    .slice(1, -1)
    .map((line) => BenchmarkRecord.parse(JSON.parse(line)));
  return { result, records };
}

const metric = ({ result }: Scored, name: string): { value: number; stderr: number | null } =>
  result.metrics.find((each) => each.name === name) ?? expect.fail(`there is no ${name}`);

function expectChoices(scored: Scored, wanted: ExpectedTask): void {
  const delimiter = scored.result.chat_template ? '' : ' ';
  const records = scored.records as readonly ChoiceRecord[];
  expect(records).toHaveLength(wanted.n);
  const same = records.filter(({ choice, index }) => choice === wanted.items[index]?.argmax).length;
  expect(same / wanted.n).toBeGreaterThanOrEqual(0.99);
  let compared = 0;
  for (const { index, log_probs: found, greedy, prompt, choices } of records) {
    const { logprobs = [], greedy: wantedGreedy = [], requests = [] } = wanted.items[index] ?? expect.fail(`the reference has no item ${index}`);
    logprobs.forEach((logProb, c) => {
      compared += 1;
      expect(Math.abs((found[c] ?? NaN) - logProb), `item ${index}, choice ${c}`).toBeLessThanOrEqual(bounds.absolute + bounds.relative * Math.abs(logProb));
    });
    if (wantedGreedy.length > 0) expect(greedy, `item ${index}`).toEqual(wantedGreedy);
    if (requests.length > 0) expect(choices.map((choice) => [prompt, delimiter + choice])).toEqual(requests);
  }
  expect(compared).toBeGreaterThanOrEqual(2 * Math.min(wanted.n, 50));
  for (const name of ['acc', 'acc_norm'] as const) {
    const [value, stderr] = [wanted[name], wanted.stderr[name]];
    if (value === undefined || stderr === undefined) continue;
    // What differing items explain: none, as a rule.
    const differing = records.filter(({ index, correct }) => correct[name] !== wanted.items[index]?.[name]).length;
    expect(differing / wanted.n).toBeLessThanOrEqual(0.01);
    expect(Math.abs(metric(scored, name).value - value)).toBeLessThanOrEqual(differing / wanted.n + 1e-9);
    if (differing === 0) expect(metric(scored, name).stderr).toBeCloseTo(stderr, 9);
  }
}

function expectTexts(scored: Scored, wanted: ExpectedTask): void {
  expect(scored.records).toHaveLength(wanted.n);
  let same = 0;
  for (const record of scored.records) {
    if (record.kind !== 'written') expect.fail('a text was to be written');
    const item = wanted.items[record.index] ?? expect.fail(`the reference has no item ${record.index}`);
    if (item.prompt !== undefined) expect(record.prompt).toBe(item.prompt);
    if (record.extracted === item.generated && record.correct.exact_match === item.correct) same += 1;
  }
  expect(same / wanted.n).toBeGreaterThanOrEqual(0.99);
  expect(metric(scored, 'exact_match').value).toBeCloseTo(wanted.correct ?? NaN, 9);
}

export const expectSame = (scored: Scored, wanted: ExpectedTask): void => (wanted.correct === undefined ? expectChoices : expectTexts)(scored, wanted);

/** The task behind `runs` of fewshot_expected.json: `arc_easy 2 chat`. */
export const readRuns = (path: string): Readonly<Record<string, ExpectedTask>> =>
  (JSON.parse(readFileSync(path, 'utf8')) as { runs: Readonly<Record<string, ExpectedTask>> }).runs;

export const readExpected = (path: string): Expected => JSON.parse(readFileSync(path, 'utf8')) as Expected;

const model = findSmollm2();
const [expectedPath, data] = [findShared('parity', 'bench_expected.json'), findShared('data', 'benchmarks')];

/** null: SmolLM2 and the reference's figures for it are here. */
export const whyNoSmollm2 = model === null ? withoutSmollm2 : expectedPath === null || data === null ? withoutShared : null;

/** SmolLM2 over all items of a task that the reference was run on. */
export async function expectSmollm2Same(name: (typeof benchmarkNames)[number]): Promise<void> {
  const wanted = readExpected(expectedPath ?? '').tasks[builtInTask(name).data.file] ?? expect.fail(`the reference has no ${name}`);
  expectSame(await score(name, { model: model ?? '', data: data ?? '', limit: wanted.n }), wanted);
}
