/** Jobs that look and change nothing, one after another: what a run would take, what a file is. */
import type { ParsedInputOf, OutputOf } from '../../../shared/contracts/calls.ts';
import type { JobKind, JobOf, ResultOf } from '../../../shared/contracts/compute-jobs.ts';
import type { TrainingRequest } from '../../../shared/domain/training-config.ts';
import { trainingDefaults } from '../../../shared/domain/training-settings.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { toWireError, type WireError } from '../../../shared/errors/wire-error.ts';
import type { Paths } from '../../platform/paths.ts';
import type { RunningJob } from '../../workers/supervisor.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { Shelves } from '../shelves.ts';
import { embeddedModelName } from '../../../shared/domain/shelf-entry.ts';
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

  async preview(input: ParsedInputOf<'datasets.preview'>): Promise<OutputOf<'datasets.preview'>> {
    const { shelves } = this.#parts;
    const { chat_template: template, max_seq_length: maxSeqLength, train_on: trainOn, columns } = input;
    const chatTemplate = template === null ? null : shelves.file('Chat template', template);
    const { kind, path, ...preview } = await this.#run('inspect', {
      kind: 'inspect',
      path: shelves.dataset(input.path),
      show: input.show,
      model: shelves.model(input.model ?? embeddedModelName),
      rows: { columns: columns ?? {}, chatTemplate, maxSeqLength, trainOn },
      tolerant: true,
    });
    if (kind !== 'dataset') throw new AppError('SHELF_KIND', { path, kind, wanted: 'dataset' });
    return preview;
  }

  /** Throws FILE_MISSING, SHELF_KIND, and what the reader says of a file that is none. */
  async inspectModel(reference: string): Promise<OutputOf<'models.inspect'>> {
    const path = this.#parts.shelves.anything(reference);
    const { max_seq_length: maxSeqLength, train_on: trainOn } = trainingDefaults;
    const rows = { columns: {}, chatTemplate: null, maxSeqLength, trainOn };
    try {
      const { kind, facts, problems } = await this.#run('inspect', { kind: 'inspect', path, show: 0, model: null, rows });
      return { kind, facts, problems };
    } catch (error) {
      // Rows mean nothing without a model's tokens.
      if (isAppError(error, 'USAGE')) throw new AppError('SHELF_KIND', { path, kind: 'data file', wanted: 'model' }, { cause: error });
      throw error;
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
