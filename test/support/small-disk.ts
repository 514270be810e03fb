/** A small disk of its own for tests of what happens when one fills up. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** null where none can be mounted. */
export function mountDisk(megabytes: number): string | null {
  const path = mkdtempSync(join(tmpdir(), 'lathe-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    rmSync(path, { recursive: true });
    return null;
  }
}

export function unmountDisk(disk: string | null): void {
  if (disk === null) return;
  execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
}

/** Fills it up to the last `leave` bytes. Where others write to it meanwhile it is full the sooner. */
export function fillDisk(disk: string, leave = 0): void {
  const { bavail, bsize } = statfsSync(disk);
  try {
    appendFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
