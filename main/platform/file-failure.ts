/** What the file system's refusals mean to the user. */
import { AppError } from '../../shared/errors/app-error.ts';

const codeOf = (error: unknown): string | undefined => (error instanceof Error && 'code' in error ? String(error.code) : undefined);

/** Turns a refusal into its row of the error table; anything else comes back as it is, to be shown as a bug. */
export function fileFailure(cause: unknown, { what, path, action }: { what: string; path: string; action: 'read' | 'write' }): unknown {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('FILE_MISSING', { what, path }, { cause });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || (action === 'write' && code === 'EEXIST'))
    return new AppError('FILE_FORBIDDEN', { path, action }, { cause });
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('DISK_FULL', { path, needBytes: 'some space' }, { cause });
  if (code === 'EISDIR') return new AppError('FILE_MISSING', { what: `${what} (a folder is there)`, path }, { cause });
  return cause;
}
