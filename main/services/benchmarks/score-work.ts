/** A score at work: its compute process, how far it is, and what is asked of it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobOf } from '../../../shared/contracts/compute-jobs.ts';
import type { JobEvent } from '../../../shared/contracts/run-events.ts';
import type { BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import { cpuDefaults } from '../../../shared/domain/cpu-optimization.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import type { StoredBenchmark } from '../../store/benchmark-rows.ts';
import type { StoredScore } from '../../store/score-rows.ts';
import type { RunningJob } from '../../workers/supervisor.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { Share } from '../room.ts';
import type { Wish } from '../run-ends.ts';
import { recordsPath } from './benchmark-folder.ts';

export interface ScoreWorkParts {
  readonly compute: ComputeJobs;
  readonly run: StoredBenchmark;
  readonly score: StoredScore;
  readonly threads: number;
  readonly needBytes: number;
  /** At most twice a second. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
  readonly onNote: (message: string) => void;
}

/** What the queue knows of a score at work, wherever it is computed. */
export interface Work extends Share {
  readonly run: string;
  readonly score: string;
  readonly etaSeconds: number | null;
  readonly wanted: Wish;
  ended: Promise<void>;
  want(wish: Wish): void;
  result(): Promise<BenchmarkResult>;
}

export const tellEveryMs = 500;
export const hardness: readonly Wish[] = ['nothing', 'close', 'stop', 'kill'];

export class ScoreWork implements Work {
  readonly run: string;
  readonly score: string;
  readonly threads: number;
  readonly needBytes: number;
  takenBytes = 0;
  etaSeconds: number | null = null;
  ended: Promise<void> = Promise.resolve();
  readonly #parts: ScoreWorkParts;
  /** null until the engine is probed and the process is there. */
  #job: RunningJob<BenchmarkResult> | null = null;
  #wanted: Wish = 'nothing';
  #timer: NodeJS.Timeout | null = null;
  #progress = { done: 0, total: 0 };

  constructor(parts: ScoreWorkParts) {
    this.#parts = parts;
    this.run = parts.run.run;
    this.score = parts.score.score;
    this.threads = parts.threads;
    this.needBytes = parts.needBytes;
  }

  get wanted(): Wish {
    return this.#wanted;
  }

  /** Asked a second time it may only become harder. */
  want(wish: Wish): void {
    if (hardness.indexOf(wish) > hardness.indexOf(this.#wanted)) this.#wanted = wish;
    if (this.#wanted === 'kill') this.#job?.kill();
    else if (this.#wanted !== 'nothing') this.#job?.cancel();
  }

  /** Throws what the job throws. */
  async result(): Promise<BenchmarkResult> {
    const { compute, run, score } = this.#parts;
    try {
      this.#job = await compute.start<'benchmark'>({
        job: benchmarkJob(run, score, this.threads),
        correlation: score.score,
        run: run.run,
        again: `lathe benchmark run --resume ${run.run}`,
        onEvent: (event) => this.#hear(event),
      });
      this.want(this.#wanted);
      return await this.#job.result;
    } finally {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    }
  }

  #hear(event: JobEvent): void {
    if (event.event === 'note') this.#parts.onNote(event.message);
    if (event.event !== 'progress') return;
    // Once it scores, its weights and its largest pass are there: nothing of what it was promised is still to come.
    this.takenBytes = this.needBytes;
    this.#progress = { done: event.done, total: event.total };
    this.etaSeconds = event.eta_seconds ?? null;
    if (this.#timer !== null) return;
    this.#tell();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#tell();
    }, tellEveryMs);
  }

  #tell(): void {
    this.#parts.onProgress(this.#progress);
  }
}

function benchmarkJob({ request, dir }: StoredBenchmark, score: StoredScore, threads: number): JobOf<'benchmark'> {
  const { model, adapter, label } = score.subject;
  if (model === null) throw new Error(`${label} has no files to compute with`);
  const given = Object.fromEntries(Object.entries(request.cpu_optimization ?? {}).filter(([, value]) => value !== undefined));
  return {
    ...{ kind: 'benchmark', model, adapter, task: score.declared, data: score.data, recordsPath: recordsPath(dir, score) },
    ...{ limit: request.limit, numFewshot: request.num_fewshot, chatTemplate: request.chat_template },
    ...(request.timeout === null ? {} : { timeoutSeconds: durationMs(request.timeout) / 1_000 }),
    engine: { cpu: { ...cpuDefaults(threads), ...given, num_workers: threads }, precision: request.precision },
  };
}

/** Of the engine without weights: code, the tokenizer, the activations of a pass. */
const bareBytes = 256 * 1024 * 1024;

/** What a score is taken to need: weights are kept about as they lie in their files, and laid out once more for the kernels. */
export const scoreNeedBytes = ({ model, adapter }: StoredScore['subject']): number => bareBytes + 2 * (sizeOf(model) + sizeOf(adapter));

/** 0 where it cannot be told: the job itself says why. */
function sizeOf(path: string | null): number {
  try {
    if (path === null) return 0;
    const stat = statSync(path);
    if (!stat.isDirectory()) return stat.size;
    return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
  } catch {
    return 0;
  }
}
