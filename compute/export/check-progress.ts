/** How far an export is, told between two pieces of its work, and whether it is to stop, asked at the same places. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { MergedWeights } from '../formats/merge/merged-weights.ts';
import { breathe, type JobContext } from '../inference/job-context.ts';

export class CheckProgress {
  readonly #context: JobContext;
  readonly #what: string;
  readonly #total: number;
  #done = 0;

  /** `what` names the pieces, of which there are `total`. */
  constructor(context: JobContext, what: string, total: number) {
    this.#context = context;
    this.#what = what;
    this.#total = total;
  }

  /** A piece is done. Throws CANCELLED. */
  async advance(): Promise<void> {
    this.#done += 1;
    this.#context.emit({ event: 'progress', what: this.#what, done: this.#done, total: this.#total });
    await hearStop(this.#context);
  }

  /** Between two parts of a piece. Throws CANCELLED. */
  pause(): Promise<void> {
    return hearStop(this.#context);
  }
}

/** Lets messages in. Throws CANCELLED. */
async function hearStop({ signal }: JobContext): Promise<void> {
  await breathe();
  if (signal.aborted) throw new AppError('CANCELLED', { where: 'before the export was written and checked; it is not there', resume: 'lathe export' });
}

/** Weights that can be stopped between two blocks of rows, and tell of each weight that is begun. */
export function watchedWeights(weights: MergedWeights, { total, context }: { total: number; context: JobContext }): MergedWeights {
  const progress = new CheckProgress(context, 'weights', total);
  let last = '';
  return {
    async rows(weight, from, to) {
      if (weight.name === last) await progress.pause();
      else await progress.advance();
      last = weight.name;
      return weights.rows(weight, from, to);
    },
  };
}
