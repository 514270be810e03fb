/** Turns what the file system refuses (missing, forbidden, full) into Lathe's own errors. Anything else passes unchanged. */
import { AppError } from '../../shared/errors/app-error.ts';

interface FileAttempt {
  readonly path: string;
  /** What the file is to the reader of the message: "Model", "Adapter". */
  readonly what?: string;
  readonly action: 'read' | 'write';
  /** How much a failed write still needs, for the message. */
  readonly needBytes?: number;
}

const codeOf = (error: unknown): string | undefined => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined);

/** The AppError for a failed file operation, or the error itself when it is none of the expected ones. */
export function fileError(error: unknown, attempt: FileAttempt): unknown {
  const { path, what = 'File', action, needBytes } = attempt;
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('FILE_MISSING', { what, path }, { cause: error });
    case 'EISDIR':
      return new AppError('FILE_MISSING', { what: `${what} (a folder is there)`, path }, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('FILE_FORBIDDEN', { path, action }, { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('DISK_FULL', { path, needBytes: needBytes === undefined ? 'the size of the file' : `${String(needBytes)} bytes` }, { cause: error });
    default:
      return error;
  }
}

/** Runs a file operation; its expected failures come out as AppErrors. */
export function withFileErrors<T>(attempt: FileAttempt, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw fileError(error, attempt);
  }
}
