/** Reads events.jsonl as it grows: each time the sound lines that were written since the last. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RunLogLine } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { parseLines } from './run-folders.ts';

const chunkBytes = 65_536;

export class RunTail {
  readonly #path: string;
  readonly #buffer = Buffer.alloc(chunkBytes);
  #position = 0;
  #torn = Buffer.alloc(0);

  constructor(directory: string) {
    this.#path = join(directory, runFiles.events);
  }

  /** Nothing where the run has not come so far as to write. */
  *read(): Generator<RunLogLine> {
    const file = openIfThere(this.#path);
    if (file === null) return;
    try {
      for (;;) {
        const read = readSync(file, this.#buffer, 0, chunkBytes, this.#position);
        if (read === 0) return;
        this.#position += read;
        const bytes = Buffer.concat([this.#torn, this.#buffer.subarray(0, read)]);
        const end = bytes.lastIndexOf(0x0a) + 1;
        this.#torn = bytes.subarray(end);
        yield* parseLines(bytes.subarray(0, end).toString('utf8').split('\n'));
      }
    } finally {
      closeSync(file);
    }
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
