/** Whether a place has room for what is about to be written there. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { formatBytes } from '../../shared/text/format.ts';

/** Throws NO_ROOM. `path` may not be there yet. */
export function requireRoom({ what, path, needBytes }: { readonly what: string; readonly path: string; readonly needBytes: number }): void {
  const haveBytes = freeBytes(path);
  if (needBytes > haveBytes) throw new AppError('NO_ROOM', { what, path, needBytes: formatBytes(needBytes), haveBytes: formatBytes(haveBytes) });
}

function freeBytes(path: string): number {
  if (!existsSync(path) && dirname(path) !== path) return freeBytes(dirname(path));
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
