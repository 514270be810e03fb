/** What a benchmark asks itself between two parts of its work: whether it was stopped, whether its time is up. */
import { AppError } from '../../shared/errors/app-error.ts';
import { formatSeconds } from '../../shared/text/format.ts';
import { breathe, type JobContext } from '../inference/job-context.ts';

interface GuardOptions {
  readonly context: JobContext;
  readonly task: string;
  readonly total: number;
  readonly timeoutSeconds: number | undefined;
}

export class ItemGuard {
  readonly #options: GuardOptions;
  readonly #started = performance.now();
  #pausedMs = 0;
  /** Items that have a record. */
  done = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Worked so far; pauses are not counted. */
  get seconds(): number {
    return (performance.now() - this.#started - this.#pausedMs) / 1000;
  }

  /** Lets messages in, and waits while the surroundings ask for it. Throws CANCELLED, BENCHMARK_TIMEOUT. */
  async check(): Promise<void> {
    const { context, task, total, timeoutSeconds: limit } = this.#options;
    this.#pausedMs += await breathe(context);
    if (context.signal.aborted) throw new AppError('CANCELLED', { where: `after ${this.done} of ${total} items`, resume: 'lathe benchmark run' });
    if (limit === undefined || this.seconds < limit) return;
    throw new AppError('BENCHMARK_TIMEOUT', { task, limit: formatSeconds(limit), done: this.done, total });
  }
}
