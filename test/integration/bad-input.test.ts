/** Bad input from outside: one line with what, where and remedy, the right exit code, and nothing half-written. */
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../compute/train/checkpoint.ts';
import { eventsOf, type CliEnd } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tinyRow, writeTinyData, writeTinyGguf, writeTinyModel } from '../support/tiny-model.ts';
import { stepsOf, TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();
const short = ['--max-steps', '2', '--batch-size', '2', '--gradient-accumulation', '1', '--rank', '2'];
let runs: TinyRuns;
let gguf: Buffer;

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const line = (index: number): string => JSON.stringify(tinyRow(index));
const someRows = Array.from({ length: 12 }, (_, index) => line(index));

interface Refusal {
  readonly exit: number;
  readonly code: string;
  readonly says: readonly (string | RegExp)[];
  /** Whether the run folder was there for good by then; one that is not must not be named. */
  readonly isBegun?: boolean;
}

function expectRefusal(end: CliEnd, { exit, code, says, isBegun = false }: Refusal): void {
  expect(end, end.stderr).toMatchObject({ code: exit });
  expect(end.stderr).toMatch(/^lathe: [^\n]+\. [^\n]+\n$/);
  expect(eventsOf(end, 'error')).toMatchObject([{ code }]);
  if (!isBegun) expect(eventsOf(end, 'start')).toEqual([]);
  for (const text of says) expect(end.stderr).toMatch(text);
}

/** A refused run leaves nothing, not even its folder. */
function expectNothingWritten(out: string): void {
  expect(existsSync(out), 'the run folder').toBe(false);
}

interface Case extends Refusal {
  readonly name: string;
  readonly args: () => readonly string[] | Promise<readonly string[]>;
}

const cutTo = (share: number) => (): readonly string[] => ['--model', put(`cut-${share}.gguf`, gguf.subarray(0, Math.floor(gguf.length * share)))];

/** The tiny model with one tensor said to be of a type that ggml has and Lathe does not read (IQ2_XXS). */
function strangeType(): readonly string[] {
  const name = 'blk.0.ffn_up.weight';
  const bytes = Buffer.from(gguf);
  const dimensions = bytes.indexOf(name) + name.length;
  bytes.writeUInt32LE(16, dimensions + 4 + 8 * bytes.readUInt32LE(dimensions));
  return ['--model', put('strange.gguf', bytes)];
}

const models: readonly Case[] = [
  { name: 'a model that is not there', args: () => ['--model', '/nowhere/m.gguf'], exit: 3, code: 'FILE_MISSING', says: ['/nowhere/m.gguf'] },
  { name: 'a GGUF cut inside its header', args: cutTo(0.001), exit: 3, code: 'GGUF_INVALID', says: [/cut-0\.001\.gguf.*at byte \d+/] },
  { name: 'a GGUF cut inside its metadata', args: cutTo(0.03), exit: 3, code: 'GGUF_INVALID', says: [/at byte \d+/] },
  { name: 'a GGUF cut inside its tensors', args: cutTo(0.5), exit: 3, code: 'GGUF_INVALID', says: [/at byte \d+/] },
  { name: 'a GGUF that lacks its last bytes', args: cutTo(0.999), exit: 3, code: 'GGUF_INVALID', says: [/at byte \d+/] },
  { name: 'a tensor type that is not read', args: strangeType, exit: 3, code: 'TENSOR_TYPE_UNSUPPORTED', says: [/ffn_up|up_proj/, /IQ2_XXS|16/i] },
  {
    name: 'another architecture',
    args: async () => ['--model', await writeTinyModel(join(folder, 'other'), { config: { model_type: 'gpt_neox' } })],
    exit: 3,
    code: 'ARCHITECTURE_UNSUPPORTED',
    says: ['gpt_neox', 'llama'],
  },
  {
    name: 'a cut safetensors file',
    args: async () => {
      const model = await writeTinyModel(join(folder, 'cut'));
      truncateSync(join(model, 'model.safetensors'), 100_000);
      return ['--model', model];
    },
    exit: 3,
    code: 'SAFETENSORS_INVALID',
    says: ['model.safetensors'],
  },
];

/** One JSON string of 200 MB, as a single row. */
function hugeRow(): readonly string[] {
  const path = put('huge.jsonl', `${line(0)}\n{"prompt": "`);
  const file = openSync(path, 'a');
  const piece = Buffer.alloc(1 << 20, 'x');
  for (let megabyte = 0; megabyte < 200; megabyte += 1) writeSync(file, piece);
  closeSync(file);
  appendFileSync(path, '", "completion": "y"}\n');
  return ['--data', path];
}

const newFolder = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};

const latin1 = (): Buffer => Buffer.from([...someRows, '{"prompt": "caf\u00e9", "completion": "na\u00efve"}'].join('\n'), 'latin1');

const datasets: readonly Case[] = [
  { name: 'data that is not there', args: () => ['--data', '/nowhere/d.jsonl'], exit: 3, code: 'FILE_MISSING', says: ['/nowhere/d.jsonl'] },
  { name: 'a folder', args: () => ['--data', newFolder('folder')], exit: 3, code: 'FORMAT_UNKNOWN', says: ['folder', 'JSON Lines'] },
  {
    name: 'a folder as the evaluation rows',
    args: () => ['--eval-data', newFolder('folder-eval')],
    exit: 3,
    code: 'FORMAT_UNKNOWN',
    says: ['folder-eval'],
  },
  {
    name: 'a folder as the chat template',
    args: () => ['--chat-template', newFolder('folder-template')],
    exit: 3,
    code: 'FILE_MISSING',
    says: ['a folder is there', 'folder-template'],
  },
  {
    name: 'a broken line',
    args: () => ['--data', put('broken.jsonl', [...someRows.slice(0, 2), '{"prompt": "a", ', ...someRows.slice(2)].join('\n'))],
    exit: 3,
    code: 'DATASET_LINE_INVALID',
    says: ['line 3'],
  },
  {
    name: 'unknown columns',
    args: () => ['--data', put('columns.jsonl', '{"foo": "a", "bar": "b"}\n'.repeat(3))],
    exit: 3,
    code: 'DATASET_COLUMNS_UNKNOWN',
    says: ['foo', 'bar', '--columns'],
  },
  { name: 'an empty file', args: () => ['--data', put('empty.jsonl', '')], exit: 3, code: 'DATASET_EMPTY', says: ['empty.jsonl'] },
  {
    name: 'rows with nothing to learn',
    args: () => ['--data', put('blank.jsonl', '{"prompt": "", "completion": ""}\n'.repeat(4))],
    exit: 3,
    code: 'DATASET_EMPTY',
    says: ['blank.jsonl', '4'],
  },
  { name: 'a row of 200 MB', args: hugeRow, exit: 3, code: 'DATASET_ROW_TOO_LARGE', says: ['line 2'] },
  { name: 'Latin-1 bytes', args: () => ['--data', put('latin1.jsonl', latin1())], exit: 3, code: 'DATASET_LINE_INVALID', says: ['line 13', /UTF-8/] },
];

/** Rows whose answers begin after hundreds of tokens: short rows would leave nothing to learn. */
const longPrompts = (): readonly string[] => ['--data', writeTinyData(join(folder, 'long.jsonl'), 12, { words: 90 })];
const tightPool = ['--memory-pool-size', '16', '--gradient-checkpointing', 'off', '--use-vectorization', 'false', '--precision', 'fp32'];

const settings: readonly Case[] = [
  { name: 'rank 0', args: () => ['--rank', '0'], exit: 2, code: 'USAGE', says: ['--rank'] },
  {
    name: 'an unknown target',
    args: () => ['--target-modules', 'q_proj,w_pack'],
    exit: 2,
    code: 'TARGET_UNKNOWN',
    says: ['w_pack', /q_proj.*down_proj.*all-linear/],
  },
  { name: 'a file where the run folder should be', args: () => ['--out', put('occupied', '')], exit: 2, code: 'USAGE', says: ['occupied'] },
  {
    name: 'a model that does not fit into its pool',
    args: async () => ['--model', await writeTinyModel(join(folder, 'wide'), { inner: 10_000 }), ...tightPool],
    exit: 4,
    code: 'RUN_DOES_NOT_FIT',
    says: [/needs .* of memory/, /--max-seq-length \d+ .*and fits/],
  },
  {
    name: 'a model that would fit only with rows too short to learn from',
    args: async () => ['--model', await writeTinyModel(join(folder, 'wider'), { inner: 10_000 }), ...longPrompts(), ...tightPool],
    exit: 4,
    code: 'RUN_DOES_NOT_FIT',
    says: [/needs [\d.]+ \w+, and shorter rows leave nothing to learn/, /raise --memory-pool-size to \d+\.$/m],
  },
];

describe('lathe train', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder, { rows: 40 });
    gguf = readFileSync(await writeTinyGguf(join(folder, 'tiny.gguf'), runs.model));
  });

  it.each([...models, ...datasets, ...settings])('refuses $name', async ({ name, args, exit, code, says }) => {
    const run = `out ${name}`;
    const started = performance.now();
    expectRefusal(await runs.train(run, [...short, ...(await args())]).ended, { exit, code, says });
    expect(performance.now() - started).toBeLessThan(50_000);
    expectNothingWritten(runs.out(run));
  });

  it.each([
    ['a byte order mark', `\u{feff}${someRows.join('\n')}\n`],
    ['Windows line ends', `${someRows.join('\r\n')}\r\n`],
    ['no last line end', someRows.join('\n')],
    ['one row', `${line(0)}\n`],
  ])('trains on %s', async (name, content) => {
    const end = await runs.train(`out ${name}`, [...short, '--data', put(`${name}.jsonl`, content)]).ended;
    expect(end, end.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(end, 'plan')).toMatchObject([{ rows: name === 'one row' ? 1 : 11 }]);
  });

  it('trains a GGUF model', async () => {
    const end = await runs.train('gguf', [...short, '--model', join(folder, 'tiny.gguf')]).ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
  });

  it('stops where the loss is no number, and names the step', async () => {
    const model = await writeTinyModel(join(folder, 'infinite'), { infinite: 'layers.1.mlp.down_proj' });
    const end = await runs.train('out infinite', [...short, '--model', model]).ended;
    expectRefusal(end, { exit: 3, code: 'LOSS_NOT_FINITE', says: ['at step 1', 'last good checkpoint is none'], isBegun: true });
    expect(runs.checkpoints('out infinite')).toEqual([]);
    expect(existsSync(join(runs.out('out infinite'), 'adapter'))).toBe(false);
  });

  it('keeps the last good checkpoint where a run blows up', async () => {
    // Decay of 1 at a rate of 10 multiplies every weight by -9 a step.
    const settings = ['--max-steps', '100', '--epochs', '100', '--batch-size', '2', '--gradient-accumulation', '1', '--save-steps', '2', '--precision', 'fp32'];
    const exploding = [
      '--learning-rate',
      '10',
      '--weight-decay',
      '1',
      '--schedule',
      'constant',
      '--warmup-steps',
      '0',
      '--max-grad-norm',
      '0',
      '--holdout-fraction',
      '0',
    ];
    const end = await runs.train('blown', [...settings, ...exploding]).ended;
    expectRefusal(end, { exit: 3, code: 'LOSS_NOT_FINITE', says: [/at step \d+/], isBegun: true });
    const checkpoint = /last good checkpoint is (\S+)\.\n/.exec(end.stderr)?.[1] ?? '';
    expect(problemOf(checkpoint)).toBeNull();
    const again = await runs.resume('blown').ended;
    expect(again).toMatchObject({ code: 3 });
    expect(stepsOf(again).concat(Number(/at step (\d+)/.exec(again.stderr)?.[1]))[0]).toBe(Number(checkpoint.slice(-8)) + 1);
  });
});
