/** The same LoRA run in fp32, bf16 and int8 under caps: step time, memory, and the loss on the same held-out rows, always computed in floats. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../../main/cli/output/table.ts';
import type { Isa } from '../../shared/domain/isa.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { hasInt8Under } from '../support/int8-products.ts';
import { findSmollm2, smollm2File } from '../support/smollm2.ts';
import { realRows, realRowsName, writeLines } from './bench-rows.ts';
import type { BenchContext, Measured } from './report/bench-context.ts';
import type { PrecisionFigure } from './report/report-schema.ts';
import { measureTrainRun } from './train-run.ts';

const batch = 8;
const learning = { learning_rate: 5e-4, batch_size: batch, seed: 7, max_seq_length: 512 } as const;
const settings = { full: { train: 640, held: 64, steps: 64 }, quick: { train: 64, held: 8, steps: 4 } } as const;
const caps = ['avx2', 'avx512'] as const satisfies readonly Isa[];
const precisions = ['fp32', 'bf16', 'int8'] as const;

export async function benchPrecisions({ quick, threads, tell }: BenchContext): Promise<Measured<'precisions'> | string> {
  const [model, lines] = [findSmollm2(), realRows()];
  if (model === null || lines === null) return 'SmolLM2 or the rows are not on this machine';
  const { train, held, steps } = quick ? settings.quick : settings.full;
  const folder = mkdtempSync(join(tmpdir(), 'lathe-precisions-'));
  try {
    const data = writeLines(join(folder, 'train.jsonl'), lines, [0, train]);
    const evalData = writeLines(join(folder, 'held.jsonl'), lines, [train, train + held]);
    const rows: PrecisionFigure[] = [];
    for (const isa of caps.filter((cap) =>
      loadAddon()
        .listKernels()
        .some((row) => row.isa === cap && row.supported),
    )) {
      for (const precision of precisions.filter((each) => each !== 'int8' || hasInt8Under(isa))) {
        tell(`precisions: ${precision} under ${isa}`);
        const training = { ...learning, precision, eval_steps: steps } as const;
        const run = await measureTrainRun({ model, data, evalData, training, steps: steps - 1, threads, isa });
        const { seconds_per_step, cpu_seconds_per_step, tokens_per_second, peak_bytes, kernel_seconds, evaluations } = run;
        const held_out_loss = evaluations.at(-1)?.loss ?? NaN;
        rows.push({ isa, precision, seconds_per_step, cpu_seconds_per_step, tokens_per_second, peak_bytes, kernel_seconds, held_out_loss });
      }
    }
    const training = `${String(steps)} steps of ${String(batch)} rows of ${realRowsName}, rank 8 on q, k, v, o, learning rate ${String(learning.learning_rate)}, seed ${String(learning.seed)}; held out: ${String(held)} rows`;
    return { model: smollm2File.name, training, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The table, for a terminal. */
export function precisionLines({ model, training, rows }: Measured<'precisions'>): readonly string[] {
  const base = (isa: string): number => rows.find((row) => row.isa === isa && row.precision === 'fp32')?.tokens_per_second ?? NaN;
  const cells = rows.map((row) => [
    row.isa,
    row.precision,
    row.seconds_per_step.toFixed(2),
    row.cpu_seconds_per_step.toFixed(2),
    row.tokens_per_second.toFixed(0),
    `${(row.tokens_per_second / base(row.isa)).toFixed(2)} ×`,
    (row.peak_bytes / 2 ** 20).toFixed(0),
    row.held_out_loss.toFixed(4),
  ]);
  const heading = ['cap', 'precision', 's/step', 'CPU s/step', 'tokens/s', 'of fp32', 'peak MiB', 'held-out loss'];
  return [`${model}: ${training}.`, ...table([heading, ...cells], { right: [2, 3, 4, 5, 6, 7] })];
}
