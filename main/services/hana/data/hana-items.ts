/** Items of benchmark tasks out of a HANA: fetched before a run, each state of them in a file of its own, so that what a run reads never changes. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hanaFailureOf } from '../../../../shared/domain/hana-failure.ts';
import type { HanaSource } from '../../../../shared/domain/hana-source.ts';
import { toAppError } from '../../../../shared/errors/wire-error.ts';
import { copyHashed, temporaryBeside } from '../../../platform/atomic-files.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { StoredHanaDoor } from '../hana-door.ts';
import { fetchSource } from './fetch-source.ts';

export interface HanaItemsParts {
  readonly door: Pick<StoredHanaDoor, 'open'>;
  readonly cache: string;
  /** Where the files are kept. */
  readonly folder: string;
  readonly log: Logger;
}

export class HanaItems {
  readonly #parts: HanaItemsParts;

  constructor(parts: HanaItemsParts) {
    this.#parts = parts;
  }

  /** The file of a task's items. Where HANA cannot be reached it is that of the last time, if there was one. Throws HANA_*, SECRET_*. */
  async fetch(task: string, source: HanaSource): Promise<string> {
    const stem = `${task}.${createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 8)}.`;
    try {
      return await this.#fetchNow(stem, source);
    } catch (error) {
      const kept = hanaFailureOf(error) === 'backoff' ? this.#newest(stem) : null;
      if (kept === null) throw error;
      this.#parts.log.warn('HANA cannot be reached; the items are those of the last time', { task, problem: toAppError(error).message });
      return kept;
    }
  }

  async #fetchNow(stem: string, source: HanaSource): Promise<string> {
    const { door, cache, folder } = this.#parts;
    const session = await door.open(source.connection);
    try {
      const { file } = await fetchSource({ source, session, cache, onProgress: () => undefined });
      mkdirSync(folder, { recursive: true });
      const fresh = temporaryBeside(join(folder, stem));
      const { sha256 } = await copyHashed(file, fresh);
      const kept = join(folder, `${stem}${sha256.slice(0, 16)}.jsonl`);
      renameSync(fresh, kept);
      for (const left of [file, `${file}.json`]) rmSync(left, { force: true });
      return kept;
    } finally {
      await session.close();
    }
  }

  #newest(stem: string): string | null {
    const { folder } = this.#parts;
    if (!existsSync(folder)) return null;
    const files = readdirSync(folder)
      .filter((name) => name.startsWith(stem) && name.endsWith('.jsonl'))
      .map((name) => join(folder, name));
    return files.toSorted((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)[0] ?? null;
  }
}
