/** The whole training step on full rows, 4 × 512 tokens of SmolLM2, under each instruction set, beside the reference's best configuration. */
import { join } from 'node:path';
import { findSmollm2 } from '../../support/smollm2.ts';
import { writeFullRows } from '../bench-rows.ts';
import { bestReferenceType } from '../reference.ts';
import type { BenchContext, Measured } from './bench-context.ts';
import { measuredIsas } from './measured-isas.ts';
import { measurePairs } from './pairs.ts';
import type { Pairs } from './report-schema.ts';

const batch = 4;
const length = 512;

export async function stepSection(context: BenchContext, folder: string): Promise<Measured<'step'> | string> {
  const model = findSmollm2();
  if (model === null) return 'SmolLM2 is not on this machine';
  const steps = context.quick ? 2 : 6;
  const data = writeFullRows(join(folder, 'full.jsonl'), { count: batch * (steps + 1), length });
  const pairs: Pairs[] = [];
  for (const isa of measuredIsas()) {
    const training = { batch_size: batch, max_seq_length: length, train_on: 'all' } as const;
    const sizes = ['--batch', String(batch), '--seq', String(length), '--steps', context.quick ? '1' : '2', '--warmup', '1'];
    const reference = ['--gguf', model, '--dtype', bestReferenceType(isa), '--threads', String(context.threads), ...sizes];
    const ours = { model, data, training, steps, threads: context.threads, isa };
    // The best instruction set is what the page leads with; the caps are there to be compared.
    const isBest = isa === measuredIsas()[0];
    pairs.push(await measurePairs({ name: 'SmolLM2-135M, 4 × 512', isa, ours, reference, pairs: isBest ? context.pairs : isa === 'avx2' ? 2 : 1 }, context));
  }
  return { pairs };
}
