/** Shapes of about a billion parameters and more, with random weights: speed and memory where no published weights are at hand. */
import { join } from 'node:path';
import type { TrainingSettings } from '../../../shared/domain/training-settings.ts';
import { families } from '../../../compute/models/registry.ts';
import { writeFullRows } from '../bench-rows.ts';
import { modelShapes, type ModelShapeName } from '../model-shapes.ts';
import { randomModel, type RandomModelType } from '../random-model.ts';
import { bestReferenceType } from '../reference.ts';
import type { BenchContext, Measured } from './bench-context.ts';
import { measuredIsas } from './measured-isas.ts';
import { measurePairs } from './pairs.ts';
import type { Pairs } from './report-schema.ts';

interface Work {
  readonly shape: ModelShapeName;
  readonly type: RandomModelType;
  readonly batch: number;
  readonly length: number;
  readonly rank: number;
  /** The reference trains bf16 weights only. */
  readonly isCompared: boolean;
}

const works: readonly Work[] = [
  { shape: 'vaultgemma-1b', type: 'bf16', batch: 4, length: 512, rank: 8, isCompared: true },
  { shape: 'granite-4.0-1b', type: 'bf16', batch: 4, length: 512, rank: 8, isCompared: true },
  { shape: 'llama-3.2-1b', type: 'q4_k', batch: 1, length: 1024, rank: 16, isCompared: false },
  { shape: 'phi-3.5-mini', type: 'q4_k', batch: 1, length: 512, rank: 16, isCompared: false },
];

/** Shapes of families that this version trains. */
const trainable = works.filter(({ shape }) => Object.hasOwn(families, modelShapes[shape].config.model_type));

export async function largeSection(context: BenchContext, folder: string): Promise<Measured<'large'>> {
  const [isa = 'ref'] = measuredIsas();
  const pairs: Pairs[] = [];
  for (const { shape, type, batch, length, rank, isCompared } of context.quick ? trainable.slice(0, 1) : trainable) {
    const steps = context.quick ? 1 : 2;
    const data = writeFullRows(join(folder, `${String(batch)}x${String(length)}.jsonl`), { count: batch * (steps + 1), length });
    const training: Partial<TrainingSettings> = { batch_size: batch, max_seq_length: length, train_on: 'all' };
    const ours = { model: await randomModel(shape, type), data, training, rank, steps, threads: context.threads };
    const sizes = ['--batch', String(batch), '--seq', String(length), '--rank', String(rank), '--alpha', String(2 * rank), '--steps', '1', '--warmup', '1'];
    const reference = ['--random-config', shape, '--dtype', bestReferenceType(isa), '--threads', String(context.threads), ...sizes];
    const name = `${shape} shape, ${type.toUpperCase()}, ${String(batch)} × ${String(length)}, rank ${String(rank)}`;
    pairs.push(await measurePairs({ name, isa: 'best', ours, reference: isCompared ? reference : null, pairs: Math.ceil(context.pairs / 3) }, context));
  }
  return { pairs };
}
