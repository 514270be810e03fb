/** Data sets whose rows come from a HANA: fetched, put on the shelf with where they came from, and refreshed. */
import { copyFileSync, createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ParsedInputOf } from '../../../../shared/contracts/calls.ts';
import type { ShelfItem } from '../../../../shared/contracts/shelf-calls.ts';
import { HanaSource } from '../../../../shared/domain/hana-source.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Paths } from '../../../platform/paths.ts';
import type { ProcessSession } from '../../../workers/hana-process.ts';
import type { Caller } from '../../caller.ts';
import type { EventHub } from '../../event-hub.ts';
import type { ShelfBook } from '../../shelf/shelf-book.ts';
import type { StoredHanaDoor } from '../hana-door.ts';
import { fetchSource, type Fetched } from './fetch-source.ts';

export interface HanaDatasetsParts {
  readonly door: StoredHanaDoor;
  readonly shelf: ShelfBook;
  readonly hub: EventHub;
  readonly paths: Paths;
}

/** Told so often at most. */
const tellMs = 500;

export class HanaDatasets {
  readonly #parts: HanaDatasetsParts;
  readonly #fetching = new Map<string, ProcessSession>();

  constructor(parts: HanaDatasetsParts) {
    this.#parts = parts;
  }

  /** Throws SHELF_NAME_TAKEN, HANA_*, and what the engine says of rows that it cannot train on. */
  async add({ name, source, model }: ParsedInputOf<'datasets.fetch'>, { actor }: Caller): Promise<ShelfItem> {
    const { shelf } = this.#parts;
    shelf.requireFree(name);
    const fetched = await this.#fetch(name, source, null);
    const item = await shelf.add({ name, path: fetched.file, copy: true, model, facts: factsOf(source, fetched) }, actor);
    forget(fetched);
    return item;
  }

  /** Where there is a change column only what came since, behind what was there; else all of it anew. Throws SHELF_UNKNOWN, HANA_SOURCE_NONE, HANA_*. */
  async refresh({ name }: ParsedInputOf<'datasets.refresh'>, { actor }: Caller): Promise<ShelfItem> {
    const { shelf, paths } = this.#parts;
    const { facts, path, ...item } = shelf.get(name);
    const source = sourceIn(facts['hana_source']);
    if (source === null) throw new AppError('HANA_SOURCE_NONE', { name });
    const until = source.change_column === null ? null : (facts['hana_changed_until'] ?? null);
    const since = Array.isArray(until) ? null : until;
    const fetched = await this.#fetch(name, source, since);
    if (since !== null && fetched.rows === 0) {
      forget(fetched);
      return { ...item, facts, path };
    }
    const model = typeof facts['tokens_by'] === 'string' ? facts['tokens_by'] : null;
    const whole = since === null ? fetched.file : join(paths.cache, 'hana', `${name}.whole.jsonl`);
    if (since !== null) await joined(path, fetched.file, whole);
    const changedUntil = fetched.changedUntil ?? since;
    const made = await shelf.replace({ name, path: whole, copy: true, model, facts: factsOf(source, { ...fetched, changedUntil }) }, actor);
    rmSync(whole, { force: true });
    forget(fetched);
    return made;
  }

  /** What is fetched for that name ends; a fetch of the same goes on there where its rows have an order. */
  stop(name: string): null {
    this.#fetching.get(name)?.cancel();
    return null;
  }

  async #fetch(name: string, source: HanaSource, since: string | number | boolean | null): Promise<Fetched> {
    const { door, hub, paths } = this.#parts;
    const session = await door.open(source.connection);
    this.#fetching.set(name, session);
    let told = 0;
    try {
      const onProgress = ({ rows, bytes }: { readonly rows: number; readonly bytes: number }): void => {
        if (Date.now() - told < tellMs) return;
        told = Date.now();
        hub.publish({ event: 'dataset.fetched', data: { name, rows, bytes } });
      };
      return await fetchSource({ source, session, cache: paths.cache, onProgress, since });
    } finally {
      this.#fetching.delete(name);
      await session.close();
    }
  }
}

/** By them the rows are known again: what was asked for, and when. */
const factsOf = (source: HanaSource, { rows, at, changedUntil }: Omit<Fetched, 'file'>): Readonly<Record<string, string | number | boolean | null>> => ({
  hana_source: JSON.stringify(source),
  hana_rows: rows,
  hana_snapshot: at,
  hana_changed_until: changedUntil,
});

function sourceIn(text: unknown): HanaSource | null {
  if (typeof text !== 'string') return null;
  const parsed = HanaSource.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

async function joined(first: string, second: string, to: string): Promise<void> {
  copyFileSync(first, to);
  await pipeline(createReadStream(second), createWriteStream(to, { flags: 'a' }));
}

function forget({ file }: Fetched): void {
  rmSync(file, { force: true });
  rmSync(`${file}.json`, { force: true });
}
