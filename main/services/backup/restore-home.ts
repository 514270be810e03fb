/** Restoring as a whole: one that was cut off is brought to its end first, then the backup comes back, and the audit log tells of it. */
import { resolve } from 'node:path';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { finishRestore, type OwnHome } from './finish-restore.ts';
import { openBackup } from './open-backup.ts';
import { prepareRestore, type RestoreRequest } from './restore-backup.ts';
import type { RestoredHome } from './restore-result.ts';

export interface RestoreHomeRequest extends Omit<RestoreRequest, 'home'>, OwnHome {}

/** The caller owns the home. Throws what `prepareRestore` throws. */
export async function restoreHome({ paths, log, actor, ...request }: RestoreHomeRequest): Promise<RestoredHome> {
  const own = { paths, log, actor };
  const earlier = finishEarlier(own);
  // The same one again: it has come back now.
  if (earlier !== null && earlier !== 'broken' && earlier.manifest === openBackup(resolve(request.backup)).path) return earlier;
  await prepareRestore({ home: paths.home, ...request, force: request.force || earlier === 'broken' });
  const restored = finishRestore(own);
  if (restored === null) throw new Error('a restore that was made ready has gone');
  return restored;
}

/** Where one cannot be brought to its end, this one takes its place, though the database may look sound. */
function finishEarlier(own: OwnHome): RestoredHome | 'broken' | null {
  try {
    return finishRestore(own);
  } catch (error) {
    if (isAppError(error, 'RESTORE_UNFINISHED')) return 'broken';
    throw error;
  }
}
