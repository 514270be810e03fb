/** One row of the error table and the exit codes it may name. */

/** Process exit codes of the command line (architecture, section 5). */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  data: 3,
  fit: 4,
  gate: 5,
  remote: 6,
  cancelled: 130,
} as const;
export type ExitKind = Exclude<keyof typeof exitCodes, 'done'>;

export interface ErrorRow {
  /** Which exit code the command line ends with. */
  readonly exit: ExitKind;
  /** HTTP status of the REST door. */
  readonly http: number;
  /** What a user may do: try again as it is, resume the run, change something, or report it. */
  readonly retry: 'now' | 'resume' | 'change' | 'never';
  /** What and where, with `{fact}` placeholders. One line, no full stop. */
  readonly message: string;
  /** What to do about it, with `{fact}` placeholders. */
  readonly remedy: string;
}
