/** What a job may do besides computing: tell, listen for a stop, and let messages in. */
import { setImmediate } from 'node:timers/promises';
import type { JobEvent } from '../../shared/contracts/run-events.ts';

export interface JobContext {
  emit(event: JobEvent): void;
  /** Becomes aborted when the user asks for a stop. */
  readonly signal: AbortSignal;
  /** Folder for token caches, shared between runs. */
  readonly cacheDirectory: string;
}

/** Lets waiting messages in, so that a cancel is heard between two micro-batches. */
export const breathe = (): Promise<void> => setImmediate();
