/** Runs a training through the core for a command: starts it or lets it go on, shows what it reports, hands Ctrl-C on, and tells how it ended. */
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { JobEvent, RunLogEntry, TrainResult } from '../../shared/contracts/run-events.ts';
import { isEnded } from '../../shared/domain/run-state.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import type { Door } from '../core/door.ts';
import { EventWatch } from './event-watch.ts';
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
  const watch = runWatch((event) => reporter.event(event));
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

/** How it ended is told by the command, in its own words. */
function runWatch(tell: (event: JobEvent) => void): EventWatch {
  return new EventWatch((event) => {
    if (event.event === 'run.logged') for (const { at: _, ...entry } of event.data.lines) if (isOfTheWay(entry)) tell(entry);
    return (event.event === 'run.changed' && isEnded(event.data.state)) || event.event === 'run.removed';
  });
}

const isOfTheWay = (entry: RunLogEntry): entry is JobEvent => entry.event !== 'done' && entry.event !== 'error' && entry.event !== 'cancelled';

async function resultOf(door: Door, run: string, again: string): Promise<TrainResult> {
  const { result, error, state, step } = await door.call('runs.get', { run });
  if (state === 'done' && result !== null) return result;
  if (error !== null) throw fromWireError(error);
  throw new AppError('CANCELLED', { where: step === 0 ? 'before the end' : `after step ${step}`, resume: again });
}
