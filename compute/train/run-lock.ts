/** One process at a time on a run folder. The lock names its owner; one left by a dead process is taken over. */
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles, RunLock } from '../../shared/domain/run-record.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { withFileErrors } from '../formats/file-errors.ts';

/** How Linux tells of process `pid`: its state, …, when it started (field 19, ticks since boot). Empty where that cannot be told. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const startTicks = (pid: number): string | null => statOf(pid)[19] ?? null;

/** Dead, and only waiting for a parent that never asks: in a container nobody may ever do so. */
const isZombie = (pid: number): boolean => ['Z', 'X'].includes(statOf(pid)[0] ?? '');

function isAlive(pid: number, ticks: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // No permission to signal it means that it lives.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (isZombie(pid)) return false;
  return ticks === null || startTicks(pid) === null || startTicks(pid) === ticks;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** A hard link brings name and content in one act; file systems without links (FAT) get an exclusive copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(String(codeOf(error)))) throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

/** Throws RUN_BUSY, naming the owner. */
export class RunFolderLock {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, runFiles.lock);
    const mine = `${this.#path}.${process.pid}`;
    const lock = { pid: process.pid, started: new Date(Date.now() - performance.now()).toISOString(), ticks: startTicks(process.pid) };
    try {
      withFileErrors({ path: folder, what: 'Run folder', action: 'write' }, () => {
        writeFileSync(mine, JSON.stringify(lock));
        this.#take(mine, folder);
      });
    } finally {
      rmSync(mine, { force: true });
    }
  }

  /** The lock is made or refused as one act. */
  #take(mine: string, folder: string): void {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        linkOrCopy(mine, this.#path);
        return;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const owner = this.#owner();
      if (owner !== null && isAlive(owner.pid, owner.ticks)) throw new AppError('RUN_BUSY', { path: folder, owner: owner.pid });
      this.#putAside();
    }
    throw new AppError('RUN_BUSY', { path: folder, owner: 'unknown' });
  }

  #owner(): { pid: number; ticks: string | null } | null {
    try {
      const parsed = RunLock.safeParse(JSON.parse(readFileSync(this.#path, 'utf8')));
      if (!parsed.success) return null;
      const ticks = parsed.data['ticks'];
      return { pid: parsed.data.pid, ticks: typeof ticks === 'string' ? ticks : null };
    } catch {
      return null;
    }
  }

  /** Moves a dead owner's lock away; of several that try, one succeeds. */
  #putAside(): void {
    const aside = `${this.#path}.stale.${process.pid}`;
    try {
      renameSync(this.#path, aside);
    } catch {
      return; // another process was quicker
    }
    const parsed = RunLock.safeParse(JSON.parse(readFileSync(aside, 'utf8')));
    const ticks = parsed.success ? parsed.data['ticks'] : null;
    // Footgun: between our look and the rename a third process may have taken the lock; then it gets it back.
    if (parsed.success && isAlive(parsed.data.pid, typeof ticks === 'string' ? ticks : null)) linkOrCopy(aside, this.#path);
    rmSync(aside, { force: true });
  }

  /** Removes the lock if it is still ours. */
  release(): void {
    if (this.#owner()?.pid === process.pid) rmSync(this.#path, { force: true });
  }
}
