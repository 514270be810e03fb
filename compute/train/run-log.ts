/** events.jsonl: what happened in a run, one JSON object a line, appended. */
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RunLogEntry } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { withFileErrors } from '../formats/file-errors.ts';

export class RunLog {
  readonly #path: string;

  readonly #requireOwn: () => void;

  /** `requireOwn` is asked before each line. */
  constructor(folder: string, requireOwn: () => void = () => undefined) {
    this.#requireOwn = requireOwn;
    this.#path = join(folder, runFiles.events);
    if (existsSync(this.#path) && !endsWithNewline(this.#path)) this.#append('\n'); // a line torn by a crash stays one bad line
  }

  /** Stamps the entry with `at`, which none may bring along. */
  write(entry: RunLogEntry & { readonly at?: never }): void {
    this.#append(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
  }

  #append(text: string): void {
    this.#requireOwn();
    withFileErrors({ path: this.#path, action: 'write' }, () => {
      appendFileSync(this.#path, text);
    });
  }
}

function endsWithNewline(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
  } finally {
    closeSync(file);
  }
}
