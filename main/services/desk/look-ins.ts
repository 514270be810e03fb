/** Jobs that look and change nothing, one after another: what a run would take, what a file is. */
import type { ParsedInputOf, OutputOf } from '../../../shared/contracts/calls.ts';
import type { JobKind, JobOf, ResultOf } from '../../../shared/contracts/compute-jobs.ts';
import type { TrainingRequest } from '../../../shared/domain/training-config.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { toWireError, type WireError } from '../../../shared/errors/wire-error.ts';
import type { Paths } from '../../platform/paths.ts';
import type { RunningJob } from '../../workers/supervisor.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { Shelves } from '../shelves.ts';
import { resolveRequest } from '../training-request.ts';

export interface LookInParts {
  readonly paths: Paths;
  readonly shelves: Shelves;
  readonly compute: ComputeJobs;
}

export class LookIns {
  readonly #parts: LookInParts;
  #last: Promise<unknown> = Promise.resolve();
  #running: RunningJob<unknown> | null = null;
  #isClosed = false;

  constructor(parts: LookInParts) {
    this.#parts = parts;
  }

  /** What keeps a configuration from being planned is part of the answer: it is being written, and shall be seen as it stands. */
  async plan({ config }: ParsedInputOf<'runs.plan'>): Promise<OutputOf<'runs.plan'>> {
    const notes: string[] = [];
    try {
      const request: TrainingRequest = resolveRequest(config, this.#parts.shelves);
      notes.push(...request.notes);
      const plan = await this.#run('plan', { kind: 'plan', request, runDirectory: this.#parts.paths.runs }, (note) => notes.push(note));
      return { plan, problem: null, notes };
    } catch (error) {
      return { plan: null, problem: problemOf(error), notes };
    }
  }

  /** Nobody waits for what is being looked at any more. */
  close(): void {
    this.#isClosed = true;
    this.#running?.kill();
  }

  /** Each takes every core, so the next one waits. */
  #run<K extends JobKind>(again: string, job: JobOf<K>, onNote: (message: string) => void = () => undefined): Promise<ResultOf<K>> {
    const mine = this.#last.then(async () => {
      const running = await this.#parts.compute.start<K>({
        job,
        correlation: again,
        again: `lathe ${again}`,
        onEvent: (event) => (event.event === 'note' ? onNote(event.message) : undefined),
      });
      this.#running = running;
      if (this.#isClosed) running.kill();
      return running.result;
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** Without its stack. What is a bug stays one. */
function problemOf(error: unknown): Omit<WireError, 'stack'> {
  if (!isAppError(error) || isAppError(error, 'INTERNAL') || isAppError(error, 'CANCELLED')) throw error;
  const { code, facts } = toWireError(error);
  return { code, facts };
}
