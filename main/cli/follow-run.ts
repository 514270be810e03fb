/** Runs a training through the core for a command: starts it or lets it go on, shows what it reports, hands Ctrl-C on, and tells how it ended. */
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { JobEvent, RunLogLine, TrainResult } from '../../shared/contracts/run-events.ts';
import { isEnded } from '../../shared/domain/run-state.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import type { Door } from '../core/door.ts';
import type { Host } from './host.ts';
import { onInterrupt } from './on-interrupt.ts';

export interface Followed {
  /** Puts the run into the queue. */
  readonly begin: (door: Door) => Promise<Run>;
  /** How a run is named in a command that goes on with it. */
  readonly again: (run: Run) => string;
}

export async function followTraining(host: Host, door: Door, { begin, again }: Followed): Promise<TrainResult> {
  const { reporter } = host;
  const watch = new RunWatch((event) => reporter.event(event));
  // Until the door is closed: a host stays for those who listen, and the command still asks how the run ended and what became of it.
  await watch.over(door);
  let id: string | null = null;
  let presses = 0;
  const obey = (): void => {
    if (id === null || presses === 0) return;
    void door.call('runs.stop', { run: id, force: presses > 1 }).catch(() => undefined);
  };
  const stopListening = onInterrupt((count) => {
    presses = count;
    if (count === 1) host.terminal.err('Stopping at the next safe place; once more ends it at once.');
    obey();
  });
  try {
    const run = await begin(door);
    id = run.run;
    obey();
    // Events are hints: a run whose process died may have been started again, and a stream may break while the host lives (this reader was too slow).
    for (let state = run.state; !isEnded(state); { state } = await door.call('runs.get', { run: run.run }))
      if ((await watch.untilQuiet(run.run)) === 'gone') await watch.over(door);
    return await resultOf(door, run.run, again(run));
  } finally {
    stopListening();
    reporter.close();
  }
}

/** Hears everything from before the run has a name; passes on what is about it. */
class RunWatch {
  readonly #tell: (event: JobEvent) => void;
  readonly #early: CoreEvent[] = [];
  #run: string | null = null;
  #quiet: 'ended' | 'gone' | null = null;
  #onQuiet: () => void = () => undefined;

  constructor(tell: (event: JobEvent) => void) {
    this.#tell = tell;
  }

  /** Listens at a door, as long as that is open. */
  async over(door: Door): Promise<void> {
    await door.subscribe(
      (event) => this.hear(event),
      () => this.#fallQuiet('gone'),
    );
  }

  hear(event: CoreEvent): void {
    if (this.#run === null) this.#early.push(event);
    else this.#pass(event);
  }

  /** Until the run has ended, or nothing more is heard of it. */
  async untilQuiet(run: string): Promise<'ended' | 'gone'> {
    this.#run = run;
    for (const event of this.#early.splice(0)) this.#pass(event);
    while (this.#quiet === null) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
    const why = this.#quiet;
    this.#quiet = null;
    return why;
  }

  #fallQuiet(why: 'ended' | 'gone'): void {
    if (this.#quiet !== 'gone') this.#quiet = why;
    this.#onQuiet();
  }

  #pass(event: CoreEvent): void {
    if (!('run' in event.data) || event.data.run !== this.#run) return;
    if (event.event === 'run.logged') for (const line of event.data.lines) this.#passLine(line);
    if (event.event === 'run.changed' && isEnded(event.data.state)) this.#fallQuiet('ended');
    if (event.event === 'run.removed') this.#fallQuiet('ended');
  }

  /** How it ended is told by the command, in its own words. */
  #passLine({ at: _, ...entry }: RunLogLine): void {
    if (entry.event !== 'done' && entry.event !== 'error' && entry.event !== 'cancelled') this.#tell(entry);
  }
}

async function resultOf(door: Door, run: string, again: string): Promise<TrainResult> {
  const { result, error, state, step } = await door.call('runs.get', { run });
  if (state === 'done' && result !== null) return result;
  if (error !== null) throw fromWireError(error);
  throw new AppError('CANCELLED', { where: step === 0 ? 'before the end' : `after step ${step}`, resume: again });
}
