/** Runs one job for a command: the probe first, events to the reporter, Ctrl-C to the job. */
import type { Isa } from '../../shared/domain/isa.ts';
import { cpuSettings, type Job, type JobKind, type JobOf, type ResultOf } from '../../shared/contracts/compute-jobs.ts';
import { watchPower } from '../platform/power.ts';
import type { RunningJob } from '../workers/supervisor.ts';
import type { ProbeReport } from '../workers/probe-engine.ts';
import type { Host } from './host.ts';
import { onInterrupt } from './on-interrupt.ts';

export interface JobRequest<K extends JobKind> {
  readonly job: JobOf<K>;
  readonly correlation: string;
  /** The command that goes on or tries again. */
  readonly again: string;
  readonly useSimd: boolean;
  /** Takes the pieces of generated text instead of the reporter. */
  readonly onText?: (text: string) => void;
}

export async function runJob<K extends JobKind>(host: Host, { job, correlation, again, useSimd, onText }: JobRequest<K>): Promise<ResultOf<K>> {
  const { reporter } = host;
  const report = await host.engine();
  for (const note of fallenNotes(report)) reporter.event({ event: 'note', message: note });
  const isa: Isa = useSimd ? report.answer.isa : 'ref';
  const running = host.supervisor.run<K>(job, {
    correlation,
    isa,
    again,
    onEvent: (event) => (event.event === 'text' && onText !== undefined ? onText(event.text) : reporter.event(event)),
  });
  const stopWatching = heedPower(host, running, job);
  const stopListening = onInterrupt((presses) => {
    if (presses > 1) return running.kill();
    host.terminal.err('Stopping at the next safe place; once more ends it at once.');
    running.cancel();
  });
  try {
    return await running.result;
  } finally {
    stopListening();
    stopWatching();
    reporter.close();
  }
}

/** With `pause_on_battery` the job waits while the machine runs on battery. Returns what ends the watch. */
function heedPower({ reporter, power }: Host, running: RunningJob<unknown>, job: Job): () => void {
  if (cpuSettings(job)?.pause_on_battery !== true) return () => undefined;
  if (!power.isKnown) reporter.event({ event: 'note', message: 'pause_on_battery is passed over: the power source cannot be told on this system.' });
  return watchPower(power, (source) => running.adapt({ pause: source === 'battery' ? 'battery' : null }));
}

/** What the probe had to step down from. */
export function fallenNotes({ answer, fallen }: ProbeReport): readonly string[] {
  if (fallen.length === 0) return [];
  const names = fallen.map(({ isa }) => isa).join(', ');
  return [`This machine does not run the kernels for ${names} (${fallen[0]?.reason ?? ''}); ${answer.isa} is used.`];
}
