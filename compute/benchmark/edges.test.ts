/** Data files as users have them: other formats, other encodings, wrong fields; items that cannot be asked; the samples of each kind of task. */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { BenchmarkRecord, type BenchmarkResult } from '../../shared/domain/benchmark-record.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { builtInTask } from '../../test/support/benchmark-tasks.ts';
import { smallTokenizer } from '../../test/support/small-tokenizer.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { readItems } from './read-items.ts';
import { continuationRequest } from './requests.ts';
import { runBenchmark } from './run-benchmark.ts';

const folder = temporaryFolder();
const resources = join(import.meta.dirname, '..', '..', 'resources');
const samples = join(resources, 'benchmarks', 'samples');
const model = join(resources, 'models', 'lathe-base.gguf');

function dataFile(ending: string, content: string | Buffer): string {
  const path = join(folder, `${randomUUID()}${ending}`);
  writeFileSync(path, content);
  return path;
}

const piqa = builtInTask('piqa');
const piqaItems = (path: string): ReturnType<typeof readItems> => readItems({ path, task: piqa, limit: null });

/** What a user is told: one line. */
async function problemOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => expect.fail('it should have failed'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  expect(error.message).not.toContain('\n');
  expect(error.remedy.length).toBeGreaterThan(10);
  return error.message;
}

describe('a data file', () => {
  const jsonl = readFileSync(join(samples, 'piqa.jsonl'), 'utf8');
  const rows = jsonl
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { goal: string; sol1: string; sol2: string; label: number });
  const csv = ['goal,sol1,sol2,label', ...rows.map(({ goal, sol1, sol2, label }) => `"${goal}","${sol1}","${sol2}",${label}`)].join('\n');

  it.each([
    ['with a BOM', '.jsonl', `\ufeff${jsonl}`],
    ['with CRLF and blank lines', '.jsonl', jsonl.replaceAll('\n', '\r\n\r\n')],
    ['as one JSON array', '.json', JSON.stringify(rows, null, 2)],
    ['as CSV', '.csv', csv],
    ['as CSV with BOM and CRLF', '.csv', `\ufeff${csv.replaceAll('\n', '\r\n')}`],
  ])('%s gives the same items', async (_, ending, content) => {
    const plain = ({ prompt, choices, answer }: Record<string, unknown>): unknown => [prompt, choices, answer];
    const wanted = (await piqaItems(join(samples, 'piqa.jsonl'))).map((item) => plain({ ...item }));
    expect((await piqaItems(dataFile(ending, content))).map((item) => plain({ ...item }))).toEqual(wanted);
  });

  it.each([
    ['that is not UTF-8', Buffer.from('{"goal": "caf\u00e9"}\n', 'latin1'), 'line 1: character 14 is not UTF-8 (is the file Latin-1?); save it as UTF-8'],
    ['in UTF-16', Buffer.from('\ufeff{"goal": "a"}', 'utf16le'), 'line 1: the file is UTF-16; save it as UTF-8'],
    ['that is cut off', '{"goal": "a", "sol1": "b", "sol2": "c", "label": 1}\n{"goal": "a", "so', 'line 2: not valid JSON'],
    ['with other fields', '{"question": "a", "sol1": "b", "sol2": "c", "label": 1}\n', 'line 1: it has no field goal; there are question, sol1, sol2, label'],
    ['with a list', '["goal"]\n', 'line 1: a row must be an object with fields'],
    ['with a label out of range', '{"goal": "a", "sol1": "b", "sol2": "c", "label": 2}\n', 'line 1: label is 2, which is none of the 2 choices'],
    ['without rows', '\n\n', 'has no usable row (it has no rows)'],
  ])('%s is refused in one line that says where', async (_, content, wanted) => {
    expect(await problemOf(piqaItems(dataFile('.jsonl', content)))).toContain(wanted);
  });

  it('that is no Parquet is refused', async () => {
    expect(await problemOf(piqaItems(dataFile('.parquet', 'PAR1 and no more')))).toContain('it is not a sound Parquet file');
  });
});

describe('a choice', () => {
  const context = { tokenizer: smallTokenizer, context: 8 };

  it('without a token of its own is not asked for', () => {
    expect(continuationRequest(context, 'the modem', '')).toEqual({ problem: 'has no token of its own behind the prompt' });
    expect(continuationRequest(context, 'the modem', ' ')).toMatchObject({ graded: smallTokenizer.encode('the modem').length });
  });

  it('behind an empty prompt stands behind the prefix token, which is there once', () => {
    const eos = smallTokenizer.eosId ?? expect.fail('it has one');
    expect(continuationRequest(context, '', 'the')).toMatchObject({ tokens: [eos, ...smallTokenizer.encode('the')], graded: 1 });
    expect(continuationRequest(context, '', '<|im_end|>the')).toMatchObject({ tokens: [eos, ...smallTokenizer.encode('the')], graded: 1 });
  });
});

describe('a job', () => {
  const run = (task: BenchmarkTask, data: string, recordsPath = join(folder, `${randomUUID()}.jsonl`)): Promise<BenchmarkResult> =>
    runBenchmark(
      {
        ...{ kind: 'benchmark', model, adapter: null, task, data, limit: null, numFewshot: 0, chatTemplate: false, recordsPath },
        engine: { cpu: cpuDefaults(1), precision: 'fp32' },
      },
      { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder },
    );
  const row = (changes: object): string => `${JSON.stringify({ goal: 'a', sol1: 'b', sol2: 'c', label: 1, ...changes })}\n`;

  it('names the line of a choice that is longer than the model reads at once', async () => {
    const path = dataFile('.jsonl', `${row({})}\n${row({ sol2: 'the '.repeat(1100) })}`);
    expect(await problemOf(run(piqa, path))).toMatch(/line 3: choice 2 alone is 11\d\d tokens long, and the model reads 1024 at once$/);
  });

  it('leaves room for a prompt before a written answer', async () => {
    const task = BenchmarkTask.parse({ ...builtInTask('triviaqa'), max_tokens: 1024 });
    expect(await problemOf(run(task, join(samples, 'triviaqa.jsonl')))).toContain('max_tokens is 1024, and the model reads 1024 tokens at once');
  });

  const formats = join(samples, 'formats');
  it.each([
    ['multiple_choice.parquet', 6, 'choice'],
    ['json_field.jsonl', 4, 'written'],
    ['regex.jsonl', 4, 'written'],
    ['perplexity.jsonl', 3, 'text'],
  ])('scores the sample %s', async (file, items, kind) => {
    const name = file.split('.')[0] ?? '';
    const task = BenchmarkTask.parse(parse(readFileSync(join(formats, `${name}.yaml`), 'utf8')));
    const records = join(folder, `${name}-records.jsonl`);
    const result = await run(task, join(formats, file), records);
    expect(result).toMatchObject({ items, cut_items: 0, num_fewshot: 0 });
    for (const { value } of result.metrics) expect(value).toBeGreaterThanOrEqual(0);
    const [, ...lines] = readFileSync(records, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => BenchmarkRecord.parse(JSON.parse(line)).kind)).toEqual(Array.from({ length: items }, () => kind));
  });
});
