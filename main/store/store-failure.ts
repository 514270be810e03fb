/** What SQLite throws, in our words. */
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { fileFailure } from '../platform/file-failure.ts';

export function storeFailure(error: unknown, path: string): unknown {
  if (isAppError(error) || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  // SHMSIZE: there is no room for what SQLite keeps beside the database.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return new AppError('DISK_FULL', { path, needBytes: 'some space' }, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return new AppError('STORE_DAMAGED', { path, problem: error.message }, { cause: error });
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY'))
    return new AppError('FILE_FORBIDDEN', { path, action: 'write' }, { cause: error });
  return code.startsWith('SQLITE') || code === '' ? error : fileFailure(error, { what: 'Database', path, action: 'write' });
}
