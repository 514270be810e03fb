/** How speed and memory go with threads, sequence length, rank and batch: one run of full rows a point. */
import { join } from 'node:path';
import type { TrainingSettings } from '../../../shared/domain/training-settings.ts';
import { findSmollm2 } from '../../support/smollm2.ts';
import { writeFullRows } from '../bench-rows.ts';
import { measureTrainRun } from '../train-run.ts';
import type { BenchContext, Measured } from './bench-context.ts';
import type { RunFigure } from './report-schema.ts';

interface Setting {
  readonly threads?: number;
  readonly length?: number;
  readonly rank?: number;
  readonly batch?: number;
}

type Curve = Measured<'curves'>['threads'];

export async function curvesSection({ threads: all, quick, tell }: BenchContext, folder: string): Promise<Measured<'curves'> | string> {
  const model = findSmollm2();
  if (model === null) return 'SmolLM2 is not on this machine';
  const steps = quick ? 1 : 3;
  const measure = ({ threads = all, length = 512, rank = 8, batch = 4 }: Setting): Promise<RunFigure> => {
    const data = writeFullRows(join(folder, `curve-${String(length)}-${String(batch)}.jsonl`), { count: batch * (steps + 1), length });
    const training: Partial<TrainingSettings> = { batch_size: batch, max_seq_length: length, train_on: 'all' };
    return measureTrainRun({ model, data, training, rank, steps, threads });
  };
  const curve = async (what: string, values: readonly number[], settingOf: (value: number) => Setting): Promise<Curve> => {
    const points: Curve = [];
    for (const value of quick ? values.slice(0, 2) : values) {
      tell(`${what} ${String(value)}`);
      points.push({ value, run: await measure(settingOf(value)) });
    }
    return points;
  };
  const doublings = Array.from({ length: Math.ceil(Math.log2(all)) }, (_, power) => 2 ** power);
  return {
    threads: await curve('threads', [...doublings, all], (threads) => ({ threads })),
    length: await curve('sequence length', [128, 256, 512, 1024, 2048, 4096], (length) => ({ length, batch: 1 })),
    rank: await curve('rank', [4, 16, 64, 128], (rank) => ({ rank })),
    batch: await curve('batch', [1, 2, 4, 8, 16], (batch) => ({ batch })),
  };
}
