/** What the user sees of a job. */
import type { JobEvent } from '../../../shared/contracts/run-events.ts';

export interface Reporter {
  event(event: JobEvent): void;
  /** A line for people; with --json it is not shown, since only events are. */
  say(line: string): void;
  /** An intermediate result of a command made of several jobs. */
  part(result: Readonly<Record<string, unknown>> & { readonly event: string }, lines: readonly string[]): void;
  /** The end of the command: one `done` object, or its lines. */
  done(result: Readonly<Record<string, unknown>>, lines: readonly string[]): void;
  /** Takes the bar away. */
  close(): void;
}
