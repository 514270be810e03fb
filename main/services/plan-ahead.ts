/** Plans a queued run in a process of its own, so that it is known whether it fits beside others before it starts. One at a time. */
import type { Plan } from '../../shared/contracts/run-events.ts';
import type { StoredRun } from '../store/run-rows.ts';
import type { RunningJob } from '../workers/supervisor.ts';
import type { ComputeJobs } from './compute-jobs.ts';

export interface PlanAheadParts {
  readonly compute: ComputeJobs;
  readonly onPlanned: (run: string, plan: Plan) => void;
  /** What keeps it from being planned keeps it from running too, or else shows when it runs alone. */
  readonly onFailed: (run: string, error: unknown) => void;
}

export class PlanAhead {
  readonly #parts: PlanAheadParts;
  #run: string | null = null;
  #job: RunningJob<Plan> | null = null;
  #isClosed = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(parts: PlanAheadParts) {
    this.#parts = parts;
  }

  /** Where another one is being planned, nothing: whoever waits asks again when that has ended. */
  begin(run: StoredRun): void {
    if (this.#run !== null || this.#isClosed) return;
    this.#run = run.run;
    this.#ended = this.#plan(run);
  }

  /** Nobody waits for it any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#job?.kill();
    await this.#ended;
  }

  async #plan({ run, dir, request }: StoredRun): Promise<void> {
    const { compute, onPlanned, onFailed } = this.#parts;
    let tell: () => void;
    try {
      this.#job = await compute.start<'plan'>({
        job: { kind: 'plan', request, runDirectory: dir },
        correlation: `${run} plan`,
        run,
        again: `lathe run resume ${run}`,
        onEvent: () => undefined,
      });
      if (this.#isClosed) this.#job.kill();
      const plan = await this.#job.result;
      tell = () => onPlanned(run, plan);
    } catch (error) {
      tell = () => onFailed(run, error);
    }
    [this.#run, this.#job] = [null, null];
    if (!this.#isClosed) tell();
  }
}
