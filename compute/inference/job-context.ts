/** What a job may do besides computing: tell, listen for a stop, and let messages in. */
import { setImmediate } from 'node:timers/promises';
import type { JobEvent } from '../../shared/contracts/run-events.ts';

export interface JobContext {
  emit(event: JobEvent): void;
  /** Becomes aborted when the user asks for a stop. */
  readonly signal: AbortSignal;
  /** Folder for what can be made again, shared between runs: token caches, hashes of files. */
  readonly cacheDirectory: string;
  /** Waits while the surroundings ask for it; gives the milliseconds waited. */
  whilePaused?(emit: JobContext['emit']): Promise<number>;
  /** Takes note of a part of the work that has ended, for the log: what it was, in a fixed phrase, and how long it took. */
  trace?(part: string, ms: number): void;
}

/** Does a part of the work, and takes note of how long it took. */
export function tracedNow<T>(context: Pick<JobContext, 'trace'>, part: string, work: () => T): T {
  const started = performance.now();
  const result = work();
  context.trace?.(part, performance.now() - started);
  return result;
}

/** Lets waiting messages in, so that a cancel is heard between two micro-batches, and a pause: gives the milliseconds that it took. */
export async function breathe(context?: Pick<JobContext, 'emit' | 'whilePaused'>): Promise<number> {
  await setImmediate();
  return (await context?.whilePaused?.(context.emit)) ?? 0;
}
