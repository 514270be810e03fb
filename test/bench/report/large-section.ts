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
  /** How the reference computes attention, or null where it has no like of this: it trains bf16 weights only. */
  readonly reference: 'sdpa' | 'eager' | null;
}

const works: readonly Work[] = [
  { shape: 'vaultgemma-1b', type: 'bf16', batch: 4, length: 512, rank: 8, reference: 'eager' }, // it refuses sdpa for this family
  { shape: 'granite-4.0-1b', type: 'bf16', batch: 4, length: 512, rank: 8, reference: 'sdpa' },
  { shape: 'llama-3.2-1b', type: 'q4_k', batch: 1, length: 1024, rank: 16, reference: null },
  { shape: 'phi-3.5-mini', type: 'q4_k', batch: 1, length: 512, rank: 16, reference: null },
];

/** Shapes of families that this version trains. */
const trainable = works.filter(({ shape }) => Object.hasOwn(families, modelShapes[shape].config.model_type));

export async function largeSection(context: BenchContext, folder: string): Promise<Measured<'large'>> {
  const [isa = 'ref'] = measuredIsas();
  const pairs: Pairs[] = [];
  for (const { shape, type, batch, length, rank, reference: attention } of context.quick ? trainable.slice(0, 1) : trainable) {
    const steps = context.quick ? 1 : 2;
    const data = writeFullRows(join(folder, `${String(batch)}x${String(length)}.jsonl`), { count: batch * (steps + 1), length });
    const training: Partial<TrainingSettings> = { batch_size: batch, max_seq_length: length, train_on: 'all' };
    const ours = { model: await randomModel(shape, type), data, training, rank, steps, threads: context.threads };
    const sizes = ['--batch', String(batch), '--seq', String(length), '--rank', String(rank), '--alpha', String(2 * rank), '--steps', '1', '--warmup', '1'];
    const named = ['--random-config', shape, '--dtype', bestReferenceType(isa), '--threads', String(context.threads)];
    const reference = attention === null ? null : [...named, '--attn', attention, ...sizes];
    const name = `${shape} shape, ${type.toUpperCase()}, ${String(batch)} × ${String(length)}, rank ${String(rank)}`;
    pairs.push(await measurePairs({ name, isa: 'best', ours, reference, pairs: Math.ceil(context.pairs / 3) }, context));
  }
  return { pairs };
}
