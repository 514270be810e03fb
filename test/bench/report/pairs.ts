/** The same work on both sides, by turns, so that what else the machine does falls on both alike. */
import { referenceTraining } from '../reference.ts';
import { measureTrainRun, type TrainRun } from '../train-run.ts';
import type { BenchContext } from './bench-context.ts';
import type { Pairs, ReferenceFigure, RunFigure } from './report-schema.ts';

export interface PairedWork {
  readonly name: string;
  /** Cap on both sides; `best`: none. */
  readonly isa: string;
  readonly ours: TrainRun;
  /** Arguments of the reference's script; null: it has no like of this. */
  readonly reference: readonly string[] | null;
  /** Repetitions, where fewer than the context's do. */
  readonly pairs?: number;
}

export async function measurePairs({ name, isa, ours, reference: args, pairs }: PairedWork, context: BenchContext): Promise<Pairs> {
  const count = context.quick ? 1 : Math.min(pairs ?? context.pairs, context.pairs);
  const runs: RunFigure[] = [];
  const references: ReferenceFigure[] = [];
  for (let pair = 0; pair < count; pair++) {
    context.tell(`${name}, ${isa}, ${String(pair + 1)} of ${String(count)}`);
    runs.push(await measureTrainRun(ours));
    if (context.reference !== null && args !== null) references.push(await referenceTraining(context.reference, args, isa));
  }
  return { name, isa, ours: runs, reference: references };
}
