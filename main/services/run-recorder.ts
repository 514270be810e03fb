/** Writes down what a running job reports, gathered: one transaction a second, and one at its end. The disk is not waited for: events.jsonl has it all. */
import type { RunLogEntry, RunLogLine } from '../../shared/contracts/run-events.ts';
import type { RunRows } from '../store/run-rows.ts';
import type { Logger } from '../platform/logger.ts';
import type { EventHub } from './event-hub.ts';

const everyMs = 1_000;

export interface RecorderParts {
  /** Which of the run's processes reports. */
  readonly attempt: number;
  readonly runs: RunRows;
  readonly hub: EventHub;
  readonly transaction: <Result>(act: () => Result) => Result;
  readonly now: () => Date;
  /** Called after what was written, at most once a second while the job goes on. */
  readonly onWritten: () => void;
  readonly log: Logger;
}

export class RunRecorder {
  readonly #run: string;
  readonly #parts: RecorderParts;
  #unwritten: RunLogLine[] = [];
  #untold: RunLogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #hasStepped = false;
  #isUnannounced = false;

  constructor(run: string, parts: RecorderParts) {
    this.#run = run;
    this.#parts = parts;
  }

  /** Told at once, written soon. */
  add(entry: RunLogEntry): void {
    const line: RunLogLine = { at: this.#parts.now().toISOString(), ...entry };
    this.#unwritten.push(line);
    // A job sends what it has to say in bundles, at most ten a second; what came together is told together.
    if (this.#untold.push(line) === 1) queueMicrotask(() => this.#tell());
    this.#timer ??= setTimeout(() => this.tryFlush(), everyMs);
  }

  #tell(): void {
    const lines = this.#untold;
    if (lines.length === 0) return;
    this.#untold = [];
    this.#parts.hub.publish({ event: 'run.logged', data: { run: this.#run, attempt: this.#parts.attempt, lines } });
  }

  /** What cannot be written now (a full disk) is kept, and tried again. */
  tryFlush(): void {
    try {
      this.flush();
    } catch (error) {
      this.#parts.log.error('what a run reported cannot be written', { run: this.#run, problem: error instanceof Error ? error.message : String(error) });
      this.#timer ??= setTimeout(() => this.tryFlush(), everyMs);
    }
  }

  /** Throws what the store throws; nothing is lost then. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.write();
    if (!this.#isUnannounced) return;
    this.#isUnannounced = false;
    this.#parts.onWritten();
  }

  /** For one who asks now. Listeners hear of it with the rest of the second: a question must not wake them all. Throws as `flush` does. */
  write(): void {
    this.#tell();
    const lines = this.#unwritten;
    if (lines.length === 0) return;
    const { runs, transaction } = this.#parts;
    transaction(() => {
      const first = lines.find((line) => line.event === 'step');
      // Steps after the checkpoint were done before by an attempt that died; these are they, done again.
      if (first !== undefined && !this.#hasStepped) runs.forgetFrom(this.#run, first.step);
      runs.append(this.#run, lines);
    });
    this.#hasStepped ||= lines.some((line) => line.event === 'step');
    this.#unwritten = [];
    this.#isUnannounced = true;
  }
}
