/** What the addon throws, as rows of the error table. */
import { AppError } from '../../shared/errors/app-error.ts';
import { formatBytes } from '../../shared/text/format.ts';

/** The facts that the glue puts on its errors (glue/args.cc). */
interface NativeFacts {
  readonly code: string;
  readonly op: string;
  readonly problem: string;
  readonly needBytes: number;
  readonly limitBytes: number;
}

const isNative = (error: unknown): error is Error & NativeFacts => error instanceof Error && 'code' in error && 'op' in error && 'needBytes' in error;

/** ARENA_FULL or KERNEL_MISUSE for an error of the addon's; any other error as it is. `what` is the part of the plan that the memory was for. */
export function nativeFailure(error: unknown, what?: string): unknown {
  if (!isNative(error)) return error;
  const { code, op, problem, needBytes, limitBytes } = error;
  if (code === 'KERNEL_MISUSE') return new AppError('KERNEL_MISUSE', { op, problem }, { cause: error });
  if (code !== 'ARENA_FULL') return error;
  const limit = limitBytes === 0 ? "the machine's memory" : formatBytes(limitBytes);
  return new AppError('ARENA_FULL', { what: what ?? op, needBytes: formatBytes(needBytes), limitBytes: limit }, { cause: error });
}
