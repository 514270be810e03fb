/**
 * Facts kept in the cache folder that could be found out again and cost time to: hashes of files, ids of tokenizers, speeds. What is not
 * there, is damaged or cannot be written costs that time again, and nothing else.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

export class Remembered<Schema extends z.ZodType> {
  readonly #folder: string;
  readonly #kind: string;
  readonly #schema: Schema;

  /** `kind` begins the files' names; raise its number when the meaning of a fact changes. */
  constructor(folder: string, kind: string, schema: Schema) {
    this.#folder = folder;
    this.#kind = kind;
    this.#schema = schema;
  }

  recall(key: readonly unknown[]): z.infer<Schema> | null {
    try {
      return this.#schema.safeParse(JSON.parse(readFileSync(this.#path(key), 'utf8'))).data ?? null;
    } catch {
      return null;
    }
  }

  remember(key: readonly unknown[], fact: z.infer<Schema>): void {
    const path = this.#path(key);
    const temporary = `${path}.${process.pid}.new`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(temporary, JSON.stringify(fact));
      renameSync(temporary, path);
    } catch {
      discard(temporary);
    }
  }

  #path(key: readonly unknown[]): string {
    const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex');
    return join(this.#folder, `${this.#kind}-${hash.slice(0, 32)}.json`);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // There is not even a folder.
  }
}
