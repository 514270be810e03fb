/**
 * The fence of a run folder: the number of the newest attempt that came in. The lock keeps two living processes apart; the fence also stops one that
 * was given up for dead (a stopped machine, a network drive) and wakes after another has gone on.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../../shared/domain/run-record.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { withFileErrors } from '../formats/file-errors.ts';

export class RunFence {
  readonly #folder: string;
  readonly #path: string;
  readonly #mine: number;

  /** Throws RUN_FENCED where a later attempt has been here. */
  constructor(folder: string, mine: number) {
    this.#folder = folder;
    this.#path = join(folder, runFiles.fence);
    this.#mine = mine;
    this.require();
    withFileErrors({ path: this.#path, action: 'write' }, () => {
      const temporary = `${this.#path}.${process.pid}`;
      writeFileSync(temporary, `${mine}\n`, { flush: true });
      renameSync(temporary, this.#path);
    });
  }

  require(): void {
    const newest = readFence(this.#path);
    if (newest > this.#mine) throw new AppError('RUN_FENCED', { path: this.#folder, newer: newest, mine: this.#mine });
  }
}

/** 0 where there is none, or none that can be read. */
function readFence(path: string): number {
  try {
    const number = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(number) ? number : 0;
  } catch {
    return 0;
  }
}
