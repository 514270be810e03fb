/** What it means that a process went without `done` or `failed`: who or what ended it, and what to do about that. */
import { AppError } from '../../shared/errors/app-error.ts';
import { describeExit, isIllegalInstruction } from './describe-exit.ts';
import type { ChildExit } from './transport.ts';

export interface SilentEnd {
  readonly exit: ChildExit;
  /** The last step that was seen; 0: none. */
  readonly lastStep: number;
  /** The command that goes on or tries again. */
  readonly again: string;
  readonly log: string;
  readonly isCancelled: boolean;
  /** How long it had given no sign of life when it was given up; null: it was not. */
  readonly silentSeconds: number | null;
  /** Whether the system has ended some process for want of memory since this one began. */
  readonly hasMemoryRunOut: boolean;
  readonly isa: string;
}

export function silentEnd(end: SilentEnd): AppError {
  const { exit, lastStep, again, log, isCancelled, silentSeconds, hasMemoryRunOut, isa } = end;
  const where = lastStep === 0 ? 'before its first step' : `after step ${lastStep}`;
  if (isCancelled) return new AppError('CANCELLED', { where: lastStep === 0 ? 'before the end' : where, resume: again });
  if (silentSeconds !== null) return new AppError('COMPUTE_SILENT', { seconds: silentSeconds, where, again, log });
  if (exit.signal === 'SIGKILL' && hasMemoryRunOut) return new AppError('COMPUTE_OUT_OF_MEMORY', { where, again });
  if (exit.signal === 'SIGKILL' || exit.signal === 'SIGTERM' || exit.signal === 'SIGINT')
    return new AppError('COMPUTE_KILLED', { where, signal: exit.signal, again });
  if (isIllegalInstruction(exit)) return new AppError('COMPUTE_ILLEGAL_INSTRUCTION', { where, isa, log });
  return new AppError('COMPUTE_PROCESS_DIED', {
    reason: `${describeExit(exit)}, ${where}`,
    log,
    remedy: `Go on with \`${again}\`; if it dies again there, please report it with that log.`,
  });
}
