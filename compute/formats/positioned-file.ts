/** A file read by position in small pieces. It never reads a file whole; who uses it checks lengths against `size` first. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { withFileErrors } from './file-errors.ts';

export class PositionedFile implements Disposable {
  readonly path: string;
  readonly size: number;
  readonly #descriptor: number;

  constructor(path: string, what: string) {
    this.path = path;
    this.#descriptor = withFileErrors({ path, what, action: 'read' }, () => openSync(path, 'r'));
    this.size = fstatSync(this.#descriptor).size;
  }

  /** Fills `target` from `offset`; returns how many bytes there were (fewer only at the end of the file). */
  readInto(target: Uint8Array, offset: number): number {
    let filled = 0;
    while (filled < target.length) {
      const got = withFileErrors({ path: this.path, action: 'read' }, () =>
        readSync(this.#descriptor, target, filled, target.length - filled, offset + filled),
      );
      if (got === 0) break;
      filled += got;
    }
    return filled;
  }

  /** A copy of the bytes from `offset`; shorter than asked only at the end of the file. */
  read(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const bytes = Buffer.alloc(wanted);
    return bytes.subarray(0, this.readInto(bytes, offset));
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}
