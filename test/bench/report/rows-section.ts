/** Real rows of different lengths, loss on the answers only, counted by their real tokens: Lathe packs them, the reference pads them. */
import { join } from 'node:path';
import { findSmollm2 } from '../../support/smollm2.ts';
import { realRows, realRowsName, writeLines } from '../bench-rows.ts';
import { bestReferenceType } from '../reference.ts';
import type { BenchContext, Measured } from './bench-context.ts';
import { measuredIsas } from './measured-isas.ts';
import { measurePairs } from './pairs.ts';

const batch = 4;

export async function rowsSection(context: BenchContext, folder: string): Promise<Measured<'rows'> | string> {
  const [model, lines, [isa = 'ref']] = [findSmollm2(), realRows(), measuredIsas()];
  if (model === null || lines === null) return 'SmolLM2 or the rows are not on this machine';
  const steps = context.quick ? 3 : 20;
  const rows = batch * (steps + 1);
  const data = writeLines(join(folder, 'real.jsonl'), lines, [0, rows]);
  const ours = { model, data, training: { batch_size: batch, max_seq_length: 512 }, steps, threads: context.threads };
  const sizes = ['--batch', String(batch), '--seq', '512', '--steps', String(context.quick ? 2 : 15), '--warmup', '1'];
  const reference = ['--gguf', model, '--jsonl', data, '--dtype', bestReferenceType(isa), '--threads', String(context.threads), ...sizes];
  const pairs = [await measurePairs({ name: 'SmolLM2-135M, real rows, 4 a step', isa: 'best', ours, reference }, context)];
  return { data: `rows 1 to ${String(rows)} of ${realRowsName}`, pairs };
}
