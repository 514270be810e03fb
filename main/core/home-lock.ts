/**
 * One host at a time owns a LATHE_HOME. The lock is SQLite's own, held on a small file beside the database: the system lets go of it however its owner
 * ends, so there is never a stale one. Who the owner is stands in host.json beside it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile, type FileLock } from '../store/lock-file.ts';

/** null: another process holds it. */
export function takeHome(home: string): FileLock | null {
  mkdirSync(home, { recursive: true });
  return lockFile(join(home, 'host.lock'));
}
