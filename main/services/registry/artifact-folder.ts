/** A folder that all can reach, with files by their hash: what is there is whole, and is hashed again when it is taken out. */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyHashed, renameDurably, temporaryBeside } from '../../platform/atomic-files.ts';

/** From the top of the folder; its address for everybody. */
export const addressOf = (sha256: string): string => `sha256/${sha256.slice(0, 2)}/${sha256}`;

export class ArtifactFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  isReachable(): boolean {
    return existsSync(this.path) && statSync(this.path).isDirectory();
  }

  has(sha256: string): boolean {
    return existsSync(join(this.path, addressOf(sha256)));
  }

  /** Returns whether it was not there before. A file that is not what it is said to be goes nowhere. Throws what the file system throws. */
  async put(file: string, sha256: string): Promise<boolean> {
    const target = join(this.path, addressOf(sha256));
    if (existsSync(target)) return false;
    mkdirSync(dirname(target), { recursive: true });
    const temporary = temporaryBeside(target);
    try {
      const isIt = (await copyHashed(file, temporary)).sha256 === sha256;
      if (isIt) renameDurably(temporary, target);
      return isIt;
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  /** Copies it to where nothing is. Returns whether it is what it is said to be; a copy of another is taken away. */
  async take(sha256: string, to: string): Promise<boolean> {
    const isIt = (await copyHashed(join(this.path, addressOf(sha256)), to)).sha256 === sha256;
    if (!isIt) rmSync(to, { force: true });
    return isIt;
  }
}
