/** A score of a deployed model at work: the engine here makes the questions, the server answers them one after another, the engine judges. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobOf } from '../../../shared/contracts/compute-jobs.ts';
import { BenchmarkQuestion, type BenchmarkReply } from '../../../shared/domain/benchmark-question.ts';
import type { BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { formatSeconds } from '../../../shared/text/format.ts';
import type { RunningJob } from '../../workers/supervisor.ts';
import type { Wish } from '../run-ends.ts';
import { questionsPath, recordsPath, repliesPath } from './benchmark-folder.ts';
import type { Answering, DeployedModels } from './deployed-models.ts';
import { ReplyFile } from './reply-file.ts';
import { hardness, tellEveryMs, type ScoreWorkParts, type Work } from './score-work.ts';

export interface DeployedWorkParts extends ScoreWorkParts {
  readonly deployed: DeployedModels;
}

/** A server that is away for a moment loses no score. */
const tries = 4;
const retryMs = 2_000;

export class DeployedWork implements Work {
  readonly run: string;
  readonly score: string;
  readonly threads: number;
  readonly needBytes: number;
  readonly takenBytes: number;
  etaSeconds: number | null = null;
  ended: Promise<void> = Promise.resolve();
  readonly #parts: DeployedWorkParts;
  readonly #stop = new AbortController();
  #job: Pick<RunningJob<unknown>, 'cancel' | 'kill'> | null = null;
  #wanted: Wish = 'nothing';

  constructor(parts: DeployedWorkParts) {
    this.#parts = parts;
    this.run = parts.run.run;
    this.score = parts.score.score;
    this.threads = parts.threads;
    this.needBytes = this.takenBytes = parts.needBytes;
  }

  get wanted(): Wish {
    return this.#wanted;
  }

  want(wish: Wish): void {
    if (hardness.indexOf(wish) > hardness.indexOf(this.#wanted)) this.#wanted = wish;
    if (this.#wanted === 'nothing') return;
    this.#stop.abort();
    if (this.#wanted === 'kill') this.#job?.kill();
    else this.#job?.cancel();
  }

  /** Throws REMOTE_*, MODEL_NOT_SERVED, BENCHMARK_RECORDS_OTHER, BENCHMARK_TIMEOUT, CANCELLED, and what the jobs throw. */
  async result(): Promise<BenchmarkResult> {
    const { run, score, deployed } = this.#parts;
    const { target } = score.subject;
    if (target === null) throw new AppError('DEPLOY_TARGET_UNKNOWN', { target: score.subject.label });
    const asked = { task: score.declared, data: score.data, limit: run.request.limit, numFewshot: run.request.num_fewshot };
    const questions = questionsPath(run.dir, score);
    const { total, sha256 } = await this.#compute({ kind: 'questions', ...asked, questionsPath: questions });
    const who = await deployed.answering({ target: target.name, model: target.model }, this.#stop.signal);
    const replies = repliesPath(run.dir, score);
    using file = ReplyFile.open(replies, { server: who.server, served_as: who.model, questions_sha256: sha256 });
    const resumed = file.count;
    const seconds = await this.#askRest(who, { file, total, lines: readFileSync(questions, 'utf8').split('\n') });
    const servedAs = `${who.server}: ${who.model}`;
    const result = await this.#compute({ kind: 'judge', ...asked, repliesPath: replies, recordsPath: recordsPath(run.dir, score), servedAs });
    return { ...result, resumed_items: resumed, seconds, items_per_second: seconds === 0 ? 0 : (total - resumed) / seconds };
  }

  /** Returns the seconds it took. */
  async #askRest(
    who: Answering,
    { file, total, lines }: { readonly file: ReplyFile; readonly total: number; readonly lines: readonly string[] },
  ): Promise<number> {
    const [began, resumed] = [performance.now(), file.count];
    const secondsSoFar = (): number => (performance.now() - began) / 1_000;
    let told = 0;
    while (file.count < total) {
      this.#requireTime(secondsSoFar(), { done: file.count, total });
      file.add(await this.#ask(who, BenchmarkQuestion.parse(JSON.parse(lines[file.count] ?? ''))));
      this.etaSeconds = (secondsSoFar() / (file.count - resumed)) * (total - file.count);
      if (performance.now() - told < tellEveryMs && file.count < total) continue;
      told = performance.now();
      this.#parts.onProgress({ done: file.count, total });
    }
    return secondsSoFar();
  }

  async #ask(who: Answering, question: BenchmarkQuestion): Promise<BenchmarkReply> {
    for (let left = tries; ; left -= 1)
      try {
        return await who.ask(question, this.#stop.signal);
      } catch (error) {
        if (this.#stop.signal.aborted || left <= 1 || !isAppError(error, 'REMOTE_UNREACHABLE')) throw error;
        this.#parts.onNote(`${error.message}; it is asked again`);
        await pause(retryMs, undefined, { signal: this.#stop.signal });
      }
  }

  #requireTime(seconds: number, { done, total }: { readonly done: number; readonly total: number }): void {
    const { run, score } = this.#parts;
    if (this.#stop.signal.aborted) throw new AppError('CANCELLED', { where: `after ${done} of ${total} items`, resume: 'lathe benchmark run' });
    const { timeout } = run.request;
    const limit = timeout === null ? Infinity : durationMs(timeout) / 1_000;
    if (seconds >= limit) throw new AppError('BENCHMARK_TIMEOUT', { task: score.task, limit: formatSeconds(limit), done, total });
  }

  async #compute<K extends 'questions' | 'judge'>(job: JobOf<K>) {
    const { compute, run, score, onNote } = this.#parts;
    const running = await compute.start<K>({
      job,
      correlation: score.score,
      run: run.run,
      again: `lathe benchmark run --resume ${run.run}`,
      onEvent: (event) => {
        if (event.event === 'note') onNote(event.message);
      },
    });
    this.#job = running;
    this.want(this.#wanted);
    return running.result;
  }
}
