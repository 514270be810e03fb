/** Runs one job for a command: the probe first, events to the reporter, Ctrl-C to the job. */
import type { JobKind, JobOf, ResultOf } from '../../shared/contracts/compute-jobs.ts';
import { ComputeJobs } from '../services/compute-jobs.ts';
import type { Host } from './host.ts';
import { onInterrupt } from './on-interrupt.ts';

export interface JobRequest<K extends JobKind> {
  readonly job: JobOf<K>;
  readonly correlation: string;
  /** The command that goes on or tries again. */
  readonly again: string;
  /** Takes the pieces of generated text instead of the reporter. */
  readonly onText?: (text: string) => void;
}

export async function runJob<K extends JobKind>(host: Host, { job, correlation, again, onText }: JobRequest<K>): Promise<ResultOf<K>> {
  const { reporter } = host;
  const running = await new ComputeJobs(host).start<K>({
    job,
    correlation,
    again,
    onEvent: (event) => (event.event === 'text' && onText !== undefined ? onText(event.text) : reporter.event(event)),
  });
  const stopListening = onInterrupt((presses) => {
    if (presses > 1) return running.kill();
    host.terminal.err('Stopping at the next safe place; once more ends it at once.');
    running.cancel();
  });
  try {
    return await running.result;
  } finally {
    stopListening();
    reporter.close();
  }
}
