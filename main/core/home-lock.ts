/**
 * One host at a time owns a LATHE_HOME. The lock is SQLite's own, held on a small file beside the database: the system lets go of it however its owner
 * ends, so there is never a stale one. Who the owner is stands in host.json beside it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { storeFailure } from '../store/store-failure.ts';
import { lockFile, type FileLock } from '../store/lock-file.ts';

/** null: another process holds it. Throws FILE_FORBIDDEN, DISK_FULL. */
export function takeHome(home: string): FileLock | null {
  const path = join(home, 'host.lock');
  try {
    mkdirSync(home, { recursive: true });
    return lockFile(path);
  } catch (error) {
    throw storeFailure(error, path);
  }
}
