/** The table of quantised bases: one model in every stored type, the same text scored and the same LoRA run trained on each. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { table } from '../../../main/cli/output/table.ts';
import type { GgufDType } from '../../../compute/formats/gguf/ggml-types.ts';
import { eventsOf, lathe } from '../../support/lathe-cli.ts';
import { cacheFolder, findSmollm2, smollm2File } from '../../support/smollm2.ts';
import { realRows, realRowsName, writeLines } from '../bench-rows.ts';
import type { BenchContext, Measured } from '../report/bench-context.ts';
import type { BaseFigure } from '../report/report-schema.ts';
import { benchHome, measureTrainRun } from '../train-run.ts';
import { requantise } from './requantise-model.ts';

const types: readonly GgufDType[] = ['f32', 'q8_0', 'q6_k', 'q5_k', 'q5_1', 'q5_0', 'q4_k', 'q4_1', 'q4_0'];

interface Settings {
  readonly train: number;
  readonly held: number;
  readonly steps: number;
}

/** Rows per step, and the rest of the run's settings; the same for every type. */
const batch = 8;
const learning = { learning_rate: 1e-3, batch_size: batch, eval_steps: 10, seed: 42, max_seq_length: 512 } as const;
const settings = { full: { train: 320, held: 64, steps: 40 }, quick: { train: 80, held: 8, steps: 10 } } as const satisfies Record<string, Settings>;

interface Work {
  readonly threads: number;
  readonly train: string;
  readonly held: string;
  readonly steps: number;
}

const Scored = z.object({ loss: z.number(), perplexity: z.number().positive() });

/** Every token of the rows, or the answers alone. */
async function score(model: string, data: string, trainOn: 'all' | 'assistant'): Promise<z.infer<typeof Scored>> {
  const end = await lathe(['evaluate', '--model', model, '--data', data, '--train-on', trainOn, '--no-exact-match', '--json'], {
    env: { LATHE_HOME: benchHome },
  });
  if (end.code !== 0) throw new Error(`lathe evaluate ended with code ${String(end.code)}: ${end.stderr}`);
  return Scored.parse(eventsOf(end, 'done')[0]);
}

async function measureBase(type: GgufDType, { path, share }: { path: string; share: number }, { train, held, steps, threads }: Work): Promise<BaseFigure> {
  const text = await score(path, held, 'all');
  const before = await score(path, held, 'assistant');
  const run = await measureTrainRun({ model: path, data: train, evalData: held, training: learning, steps: steps - 1, threads });
  const stored = await measureTrainRun({ model: path, data: train, training: learning, steps: Math.min(4, steps - 1), threads, asStored: true });
  return {
    type: type.toUpperCase(),
    share,
    file_bytes: statSync(path).size,
    perplexity: text.perplexity,
    curve: [{ step: 0, loss: before.loss }, ...run.evaluations],
    tokens_per_second: run.tokens_per_second,
    peak_bytes: run.peak_bytes,
    as_stored: { tokens_per_second: stored.tokens_per_second, peak_bytes: stored.peak_bytes },
  };
}

export async function benchBases({ quick, threads, tell }: BenchContext): Promise<Measured<'bases'> | string> {
  const [model, rows] = [findSmollm2(), realRows()];
  if (model === null || rows === null) return 'SmolLM2 or the rows are not on this machine';
  const { train, held, steps } = quick ? settings.quick : settings.full;
  const folder = mkdtempSync(join(tmpdir(), 'lathe-bases-'));
  const cache = join(cacheFolder(), 'bases');
  mkdirSync(cache, { recursive: true });
  try {
    const files = {
      train: writeLines(join(folder, 'train.jsonl'), rows, [0, train]),
      held: writeLines(join(folder, 'held.jsonl'), rows, [train, train + held]),
      steps,
    };
    const figures: BaseFigure[] = [];
    for (const type of types) {
      tell(`bases: ${type}`);
      figures.push(await measureBase(type, await requantise(model, type, cache), { ...files, threads }));
    }
    return {
      model: smollm2File.name,
      text: `rows ${String(train + 1)} to ${String(train + held)} of ${realRowsName}, every token`,
      training: `rows 1 to ${String(train)}, ${String(batch)} a step, rank 8 on q, k, v, o, learning rate ${String(learning.learning_rate)}, seed ${String(learning.seed)}; loss on the answers of the same held-out rows`,
      rows: figures,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The table, for a terminal. */
export function basesLines({ rows, text, training }: Measured<'bases'>): readonly string[] {
  const steps = rows[0]?.curve.map(({ step }) => step) ?? [];
  const cells = rows.map(({ type, share, file_bytes: file, perplexity, curve, tokens_per_second: rate, peak_bytes: peak, as_stored: stored }) => [
    type,
    `${(100 * share).toFixed(0)} %`,
    (file / 2 ** 20).toFixed(0),
    perplexity.toFixed(3),
    ...curve.map(({ loss }) => loss.toFixed(4)),
    rate.toFixed(0),
    (peak / 2 ** 20).toFixed(0),
    stored.tokens_per_second.toFixed(0),
    (stored.peak_bytes / 2 ** 20).toFixed(0),
  ]);
  const heading = [
    'type',
    'of the layers',
    'file MiB',
    'perplexity',
    ...steps.map((step) => `step ${String(step)}`),
    'tokens/s',
    'peak MiB',
    'stored: tokens/s',
    'stored: peak MiB',
  ];
  return [`Perplexity: ${text}. Training: ${training}.`, ...table([heading, ...cells], { right: heading.map((_, column) => column).slice(1) })];
}
