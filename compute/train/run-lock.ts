/** One process at a time on a run folder. The lock names its owner; one left by a dead process is taken over. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles, RunLock } from '../../shared/domain/run-record.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { withFileErrors } from '../formats/file-errors.ts';

/** When this machine's process `pid` started, as Linux counts (ticks since boot); null where that cannot be told. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(pid: number, ticks: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // No permission to signal it means that it lives.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return ticks === null || startTicks(pid) === null || startTicks(pid) === ticks;
}

/** Throws RUN_BUSY, naming the owner. */
export class RunFolderLock {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, runFiles.lock);
    const mine = `${this.#path}.${process.pid}`;
    const lock = { pid: process.pid, started: new Date(Date.now() - performance.now()).toISOString(), ticks: startTicks(process.pid) };
    withFileErrors({ path: folder, what: 'Run folder', action: 'write' }, () => {
      writeFileSync(mine, JSON.stringify(lock));
    });
    try {
      this.#take(mine, folder);
    } finally {
      rmSync(mine, { force: true });
    }
  }

  /** A hard link is made or refused as one act, content and all. */
  #take(mine: string, folder: string): void {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        linkSync(mine, this.#path);
        return;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
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
    if (parsed.success && isAlive(parsed.data.pid, typeof ticks === 'string' ? ticks : null)) linkSync(aside, this.#path);
    rmSync(aside, { force: true });
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}
