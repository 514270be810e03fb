/** The parts of a benchmark: rows to items, texts to requests, answers judged, shared prefixes, records that are gone on with. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JobOf } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { BenchmarkTask, type BenchmarkTaskInput, type WrittenTask } from '../../shared/domain/benchmark-task.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { builtInTask } from '../../test/support/benchmark-tasks.ts';
import { smallTokenizer } from '../../test/support/small-tokenizer.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { writeTinyModel } from '../../test/support/tiny-model.ts';
import { ItemReader } from './item-reader.ts';
import { cutAtStop, judgeAnswer } from './judge-answer.ts';
import { readItems } from './read-items.ts';
import { continuationRequest, textRequests } from './requests.ts';
import { runBenchmark } from './run-benchmark.ts';

const folder = temporaryFolder();

const own: BenchmarkTaskInput = {
  kind: 'multiple_choice',
  name: 'own',
  title: 'Own',
  version: 1,
  prompt: '{{ question }} A:',
  choices: { field: 'options' },
  answer: { field: 'label' },
  metrics: ['acc', 'acc_norm'],
  data: { file: 'own', url: '', split: '', licence: 'CC0-1.0', id: 'id' },
};
const ownTask = BenchmarkTask.parse(own);

function dataFile(name: string, rows: readonly unknown[]): string {
  const path = join(folder, `${name}.jsonl`);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

const written = (changes: object): WrittenTask =>
  BenchmarkTask.parse({
    ...{ kind: 'exact_match', name: 'w', title: 'W', version: 1, prompt: '{{ q }}', answers: { field: 'a' }, data: own.data },
    ...changes,
  }) as WrittenTask;

describe('items', () => {
  it('join and clean the two parts of a HellaSwag context, and leave a cleaned one alone', () => {
    const reader = new ItemReader(builtInTask('hellaswag'), 'h');
    const endings = [' one [step] two', 'b'];
    const raw = { activity_label: 'Baking', ctx: 'x', ctx_a: 'She [header] mixes [title] flour.', ctx_b: 'then SHE', endings, label: '1' };
    expect(reader.read(0, 1, raw)).toMatchObject({ prompt: 'Baking: She mixes. flour. Then she', choices: ['one two', 'b'], answer: 1 });
    expect(reader.read(0, 1, { activity_label: 'Baking', ctx: 'a  [b] c ', endings, label: '0' })).toMatchObject({
      prompt: 'Baking: a  [b] c ',
      choices: endings,
    });
  });

  it('take the mirror of Social IQa, whose question stands apart', () => {
    const row = { context: 'Tom left.', question: 'Why?', answerA: 'a', answerB: 'b', answerC: 'c', label: '3' };
    expect(new ItemReader(builtInTask('socialiqa'), 's').read(0, 1, row)).toMatchObject({ prompt: 'Q: Tom left. Why?\nA:', answer: 2 });
  });

  it.each([
    [{ id: 1, options: ['a', 'b'], label: 0 }, 'it has no field question; there are id, options, label'],
    [{ id: 1, question: 'q', options: ['a', 'b'], label: 2 }, 'label is 2, which is none of the 2 choices'],
    [{ id: 1, question: 'q', options: 'a', label: 0 }, 'options must be a list'],
    [{ id: 1, question: 'q', options: ['a', 'b'] }, 'label names no right answer'],
  ])('refuse %j', async (row, problem) => {
    await expect(readItems({ path: dataFile('bad', [row]), task: ownTask, limit: null })).rejects.toMatchObject({
      code: 'BENCHMARK_ITEM_INVALID',
      facts: { line: 1, problem },
    });
  });

  it('refuse an id that comes twice, and a file without rows', async () => {
    const row = { id: 7, question: 'q', options: ['a', 'b'], label: 0 };
    const twice = readItems({ path: dataFile('twice', [row, row]), task: ownTask, limit: null });
    await expect(twice).rejects.toMatchObject({ facts: { line: 2, problem: 'the id 7 is that of line 1 too' } });
    await expect(readItems({ path: dataFile('none', []), task: ownTask, limit: null })).rejects.toMatchObject({ code: 'DATASET_EMPTY' });
  });
});

describe('answers', () => {
  it('are compared as the task says', () => {
    const exact = written({ ignore_case: true, ignore_punctuation: true });
    expect(judgeAnswer(exact, '  The Onion!', ['onion', 'the onion'])).toEqual({ extracted: 'The Onion!', isRight: true });
    expect(judgeAnswer(exact, 'onion ', ['onion']).isRight).toBe(false);
    expect(judgeAnswer(written({}), 'Onion', ['onion']).isRight).toBe(false);
  });

  it('are found in JSON and by a pattern', () => {
    const json = written({ kind: 'json_field', json_field: 'a.b' });
    expect(judgeAnswer(json, 'Sure: {"x": "}", "a": {"b": 3}} {', ['3'])).toEqual({ extracted: '3', isRight: true });
    expect(judgeAnswer(json, '{"a": 1}', ['1'])).toEqual({ extracted: null, isRight: false });
    const regex = written({ kind: 'regex', pattern: 'answer is (\\w+)' });
    expect(judgeAnswer(regex, 'So the answer is B.', ['B'])).toEqual({ extracted: 'B', isRight: true });
    expect(judgeAnswer(regex, 'B', ['B']).isRight).toBe(false);
    expect(judgeAnswer(written({ kind: 'regex', pattern: '\\((\\w)\\)|is( .+)' }), 'it is  B ', ['B'])).toEqual({ extracted: 'B', isRight: true });
  });

  it('end at the first stop text', () => {
    expect(cutAtStop('one. two\nthree', ['\n', '.'])).toEqual({ text: 'one', isCut: true });
    expect(cutAtStop('one', ['\n'])).toEqual({ text: 'one', isCut: false });
  });
});

describe('requests', () => {
  const context = { tokenizer: smallTokenizer, context: 8 };

  it('are cut at the front where they do not fit, and counted', () => {
    const whole = smallTokenizer.encode('the modem is broken again today it is');
    const request = continuationRequest(context, 'the modem is broken again today', ' it is');
    expect(request).toMatchObject({ tokens: whole.slice(-9), cut: whole.length - 9 });
    expect(continuationRequest(context, 'a', ' the modem is broken again today it is')).toEqual({
      problem: 'alone is 27 tokens long, and the model reads 8 at once',
    });
  });

  it('ask for every token of a text once', () => {
    const text = 'the modem is broken again today it is';
    const asked = textRequests(context, text).flatMap(({ tokens, graded }) => tokens.slice(graded));
    expect(asked).toEqual(smallTokenizer.encode(text));
    for (const { tokens } of textRequests(context, text)) expect(tokens.length).toBeLessThanOrEqual(9);
  });
});

describe('a benchmark job', () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    id: i,
    question: `the modem number ${i} is`,
    options: ['broken again', 'fine', 'in the box'],
    label: i % 3,
  }));
  let job: JobOf<'benchmark'>;
  const run = (changes: Partial<JobOf<'benchmark'>> = {}, signal = new AbortController().signal) =>
    runBenchmark({ ...job, ...changes }, { emit: () => undefined, signal, cacheDirectory: folder });

  beforeAll(async () => {
    const engine = { cpu: cpuDefaults(1), precision: 'fp32' as const };
    job = {
      ...{ kind: 'benchmark', model: await writeTinyModel(join(folder, 'model')), adapter: null, task: ownTask, data: dataFile('rows', rows) },
      ...{ limit: null, numFewshot: 2, chatTemplate: false, recordsPath: join(folder, 'whole.jsonl'), engine },
    };
  });

  it('goes on behind a torn record and gives the same to the byte, whatever the number of threads', async () => {
    const whole = await run();
    const text = readFileSync(job.recordsPath, 'utf8');
    const path = join(folder, 'torn.jsonl');
    writeFileSync(path, text.slice(0, Math.floor(text.length * 0.7)));
    appendFileSync(path, '{"kind":"cho');
    const resumed = await run({ recordsPath: path, engine: { cpu: cpuDefaults(2), precision: 'fp32' } });
    expect(resumed.resumed_items).toBeGreaterThan(0);
    expect(resumed.resumed_items).toBeLessThan(rows.length);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(resumed.metrics).toEqual(whole.metrics);
  });

  it('mixes nothing into the records of another', async () => {
    await expect(run({ numFewshot: 0 })).rejects.toMatchObject({ code: 'BENCHMARK_RECORDS_OTHER', facts: { difference: 'num_fewshot: 2 instead of 0' } });
  });

  it('shows solved items before the prompt, never the item itself, and names what they were drawn from', async () => {
    const notes: string[] = [];
    const emit = (event: JobEvent): unknown => event.event === 'note' && notes.push(event.message);
    const recordsPath = join(folder, 'shots.jsonl');
    const result = await runBenchmark({ ...job, limit: 2, recordsPath }, { emit, signal: new AbortController().signal, cacheDirectory: folder });
    const [, first] = readFileSync(recordsPath, 'utf8').split('\n');
    const { prompt } = JSON.parse(first ?? '') as { prompt: string };
    // 28 and 7 are the first that Python draws with the harness's seed.
    expect(prompt).toBe('the modem number 28 is A: fine\n\nthe modem number 7 is A: fine\n\nthe modem number 0 is A:');
    expect(result.shots_sha256).toBeNull();
    expect(notes).toEqual(['Solved items are drawn from the scored ones: own names no file of others.']);
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(run({ recordsPath: join(folder, 'stopped.jsonl') }, stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('ends when its time is up, and goes on from there', async () => {
    const path = join(folder, 'late.jsonl');
    const late = run({ recordsPath: path, timeoutSeconds: 1e-6 });
    await expect(late).rejects.toMatchObject({ code: 'BENCHMARK_TIMEOUT', facts: { task: 'own', limit: '0.0 s', done: 0, total: 40 } });
    await run({ recordsPath: path, timeoutSeconds: 600 });
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(job.recordsPath, 'utf8'));
  });

  it('scores a text', async () => {
    const task = BenchmarkTask.parse({ kind: 'perplexity', name: 'p', title: 'P', version: 1, text: '{{ question }}', data: own.data });
    const { metrics } = await run({ task, numFewshot: 0, recordsPath: join(folder, 'text.jsonl') });
    const [word, byte, bits] = metrics.map(({ value }) => value);
    expect(Math.log2(byte ?? NaN)).toBeCloseTo(bits ?? NaN, 9);
    expect(word).toBeGreaterThan(byte ?? NaN);
  });
});
