/** Runs one job in one compute process: starts it, parses what it says, cancels it, and tells apart how it ended. */
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import type { Isa } from '../../shared/domain/isa.ts';
import { Job, jobResults, type JobKind, type JobOf, type ResultOf } from '../../shared/contracts/compute-jobs.ts';
import { computeEnvironment, FromCompute, protocolVersion, type LogLine, type ToCompute } from '../../shared/contracts/compute-messages.ts';
import { quietSurroundings, type Surroundings } from '../../shared/domain/surroundings.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import type { LogFields, Logger } from '../platform/logger.ts';
import { describeExit } from './describe-exit.ts';
import { oomKills } from './oom-kills.ts';
import { cpuTicksOf, SignOfLife } from './sign-of-life.ts';
import { silentEnd } from './silent-end.ts';
import type { Child, ChildExit, ChildListener, Transport } from './transport.ts';

/** How many of a process's newest lines are kept. */
const keptLines = 200;

export interface SupervisorParts {
  readonly transport: Transport;
  /** The compute process's entry file. */
  readonly entry: string;
  readonly log: Logger;
  readonly logPath: () => string;
  readonly cache: string;
  /** How long a job may take to hear `cancel`; longer where it has been silent for longer before, since a kernel lets no message in. */
  readonly killAfterMs?: number;
  /** How long a job may neither speak nor compute until it is told, and as long again until it is ended. */
  readonly silentAfterMs?: number;
  /** How often memory has run out so far. */
  readonly memoryRunOuts?: () => number;
}

export interface JobOptions {
  /** Carried by every log line of the job: the run's id, or one made up. */
  readonly correlation: string;
  /** The run that the job is for, where it does not say so itself. */
  readonly run?: string | undefined;
  /** The instruction set found by the probe. */
  readonly isa: Isa;
  /** The command that goes on or tries again, for the remedy of an error. */
  readonly again: string;
  readonly onEvent: (event: JobEvent) => void;
}

export interface RunningJob<Result> {
  readonly pid: number | null;
  readonly result: Promise<Result>;
  /** The newest log lines of the process, and what it wrote by itself: what one wants to read where it failed. */
  lastLines(): readonly string[];
  /** Tells the job what has changed around it; before it begins too. */
  adapt(changed: Partial<Surroundings>): void;
  /** Asks it to stop at the next safe place; kills it if it does not hear that. */
  cancel(): void;
  /** Ends it at once. */
  kill(): void;
}

type Outcome = { readonly value: unknown } | { readonly error: AppError };

export class Supervisor {
  readonly #parts: SupervisorParts;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  /** A process of another kind, by the same transport; what it says is the listener's. */
  startOther(entry: string, listener: ChildListener, environment: Readonly<Record<string, string>> = {}): Child {
    return this.#parts.transport.start(entry, { [computeEnvironment.cache]: this.#parts.cache, ...environment }, listener);
  }

  /** Throws nothing: whatever goes wrong rejects `result` with an AppError. */
  run<K extends JobKind>(job: JobOf<K>, options: JobOptions): RunningJob<ResultOf<K>> {
    const session = new Session(job, options, this.#parts);
    // The session parsed the value with the schema of this very kind.
    return {
      get pid() {
        return session.pid;
      },
      result: session.result as Promise<ResultOf<K>>,
      lastLines: () => session.lastLines,
      adapt: (changed) => session.adapt(changed),
      cancel: () => session.cancel(),
      kill: () => session.kill(),
    };
  }
}

/** The life of one process. */
class Session {
  readonly result: Promise<unknown>;
  readonly #job: Job;
  readonly #options: JobOptions;
  readonly #parts: SupervisorParts;
  readonly #log: Logger;
  readonly #child: Child;
  #settle: (outcome: Outcome) => void = () => undefined;
  #outcome: Outcome | undefined;
  #surroundings: Surroundings = quietSurroundings;
  #isStarted = false;
  #isCancelled = false;
  #lastStep = 0;
  #killTimer: NodeJS.Timeout | undefined;
  #heardAtMs = performance.now();
  #longestSilenceMs = 0;
  readonly #life: SignOfLife;
  readonly #memoryRunOuts: () => number;
  readonly #memoryRunOutsBefore: number;
  #silentSeconds: number | null = null;
  readonly lastLines: string[] = [];

  constructor(job: Job, options: JobOptions, parts: SupervisorParts) {
    this.#job = Job.parse(job);
    this.#options = options;
    this.#parts = parts;
    this.#log = parts.log.child('compute', { correlation: options.correlation, ...subjectOf(this.#job, options.run) });
    this.result = new Promise((resolve, reject) => {
      this.#settle = (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value));
    });
    const environment = {
      [computeEnvironment.isa]: options.isa,
      [computeEnvironment.correlation]: options.correlation,
      [computeEnvironment.cache]: parts.cache,
    };
    this.#child = parts.transport.start(parts.entry, environment, {
      onMessage: (message) => this.#hear(message),
      onOutput: (line) => this.#hearOutput(line.slice(0, 2_000)),
      onExit: (exit) => this.#end(exit),
    });
    this.#memoryRunOuts = parts.memoryRunOuts ?? oomKills;
    this.#memoryRunOutsBefore = this.#memoryRunOuts();
    this.#life = this.#watchLife(parts.silentAfterMs ?? 120_000);
    this.#log.info('compute process started', { kind: job.kind, pid: this.#child.pid ?? null, isa: options.isa });
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  cancel(): void {
    if (this.#isCancelled || this.#outcome !== undefined) return;
    // Before the job began there is nothing to bring to a safe place.
    if (!this.#isStarted) return this.kill();
    this.#isCancelled = true;
    this.#send({ type: 'cancel' });
    this.#killTimer = setTimeout(() => this.#killUnheard(), Math.max(this.#parts.killAfterMs ?? 10_000, 3 * this.#longestSilenceMs));
  }

  adapt(changed: Partial<Surroundings>): void {
    const next = { ...this.#surroundings, ...changed };
    if (next.pause === this.#surroundings.pause && next.isUserActive === this.#surroundings.isUserActive) return;
    this.#surroundings = next;
    this.#log.info('surroundings changed', { pause: next.pause, user_active: next.isUserActive });
    // A wait is no deafness.
    this.#heardAtMs = performance.now();
    if (this.#isStarted) this.#send({ type: 'surroundings', surroundings: next });
  }

  #watchLife(silentAfterMs: number): SignOfLife {
    const looks = 4;
    return new SignOfLife({
      cpuTicks: () => cpuTicksOf(this.#child.pid),
      everyMs: silentAfterMs / looks,
      looks,
      onSilent: (seconds) => {
        this.#log.warn('the compute process gives no sign of life', { seconds });
        this.#options.onEvent({ event: 'note', message: `The compute process has given no sign of life for ${seconds} s; in as long again it is ended.` });
      },
      onLost: (seconds) => {
        this.#silentSeconds = seconds;
        this.#child.kill();
      },
    });
  }

  #hearOutput(line: string): void {
    this.#log.warn('the compute process wrote', { line });
    this.#keep(line);
  }

  #keep(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > keptLines) this.lastLines.shift();
  }

  kill(): void {
    this.#isCancelled = true;
    this.#child.kill();
  }

  #killUnheard(): void {
    this.#log.warn('cancel was not heard in time; the process is killed');
    this.#child.kill();
  }

  #send(message: ToCompute): void {
    this.#child.send(message);
  }

  #hear(raw: unknown): void {
    const parsed = FromCompute.safeParse(raw);
    if (!parsed.success) return this.#break(`a message it sent is not in the contract: ${parsed.error.issues[0]?.message ?? ''}`);
    const message = parsed.data;
    this.#noteSilence();
    this.#life.heard();
    switch (message.type) {
      case 'ready':
        return this.#start(message.protocol);
      case 'events':
        return message.events.forEach((event) => this.#pass(event));
      case 'log':
        this.#keep(textOf(message.line));
        return this.#log.child(message.line.name)[message.line.level](message.line.message, message.line.fields);
      case 'alive':
        return;
      case 'stopping':
        return clearTimeout(this.#killTimer);
      case 'done':
        return this.#finish(message.result);
      case 'failed':
        return this.#fail(fromWireError(message.error));
    }
  }

  #noteSilence(): void {
    const nowMs = performance.now();
    if (this.#surroundings.pause === null) this.#longestSilenceMs = Math.max(this.#longestSilenceMs, nowMs - this.#heardAtMs);
    this.#heardAtMs = nowMs;
  }

  #start(protocol: number): void {
    if (protocol !== protocolVersion) return this.#break(`it speaks version ${protocol}, this is version ${protocolVersion}`);
    if (this.#isStarted || this.#isCancelled) return;
    this.#isStarted = true;
    this.#send({ type: 'start', protocol: protocolVersion, job: this.#job });
    if (this.#surroundings !== quietSurroundings) this.#send({ type: 'surroundings', surroundings: this.#surroundings });
  }

  #pass(event: JobEvent): void {
    if (event.event === 'step') this.#lastStep = event.step;
    this.#options.onEvent(event);
  }

  #finish(result: unknown): void {
    const parsed = jobResults[this.#job.kind].safeParse(result);
    if (!parsed.success) return this.#break(`the result of ${this.#job.kind} is not in the contract: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
    this.#outcome ??= { value: parsed.data };
  }

  /** A bug in there is shown with the log's name, which the child does not know, and its stack goes to the log. */
  #fail(error: AppError): void {
    if (isAppError(error, 'INTERNAL')) {
      const message = 'message' in error.facts ? String(error.facts.message) : error.message;
      this.#log.error('the compute process failed', { problem: message, stack: error.stack ?? '' });
      this.#outcome ??= { error: new AppError('INTERNAL', { message, log: this.#parts.logPath() }) };
    } else this.#outcome ??= { error };
  }

  #break(problem: string): void {
    this.#outcome ??= { error: new AppError('PROTOCOL_MISMATCH', { problem, log: this.#parts.logPath() }) };
    this.#child.kill();
  }

  #end(exit: ChildExit): void {
    clearTimeout(this.#killTimer);
    this.#life.stop();
    const outcome = this.#outcome ?? { error: this.#silentEnd(exit) };
    const code = 'error' in outcome ? outcome.error.code : 'done';
    this.#log.info('compute process ended', { exit: describeExit(exit), outcome: code });
    this.#settle(outcome);
  }

  /** It went without `done` or `failed`. */
  #silentEnd(exit: ChildExit): AppError {
    const { again, isa } = this.#options;
    return silentEnd({
      ...{ exit, again, isa, lastStep: this.#lastStep, log: this.#parts.logPath() },
      ...{ isCancelled: this.#isCancelled, silentSeconds: this.#silentSeconds },
      hasMemoryRunOut: this.#memoryRunOuts() > this.#memoryRunOutsBefore,
    });
  }
}

/** Of which run its lines are, and of which attempt at it: the same keys everywhere. */
const subjectOf = (job: Job, run: string | undefined): LogFields => {
  if (job.kind === 'train') return { run: job.runId, attempt: job.fence };
  return run === undefined ? {} : { run };
};

const textOf = ({ level, name, message, fields }: LogLine): string =>
  [new Date().toISOString(), level.toUpperCase(), `${name}:`, message, ...Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`)].join(' ');
