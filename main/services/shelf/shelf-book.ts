/** Puts models and data sets on the shelves, checks them, and takes them off. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { InspectResult } from '../../../shared/contracts/compute-jobs.ts';
import type { ShelfCheck, ShelfDetails, ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import { embeddedModelName, type ShelfEntry, type ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import { trainingDefaults } from '../../../shared/domain/training-settings.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { hashFile } from '../../platform/atomic-files.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { Paths } from '../../platform/paths.ts';
import type { Store } from '../../store/store.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { Ledger } from '../ledger.ts';
import type { Shelves } from '../shelves.ts';
import { bytesOf, makeEntryFolder, removeEntryFolder } from './shelf-files.ts';

export interface ShelfParts {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly shelves: Shelves;
  readonly compute: ComputeJobs;
  readonly now: () => Date;
}

type NewItem = Omit<ParsedInputOf<'datasets.add'>, 'model'> & {
  readonly model?: string | null;
  /** Besides what is found out. */ readonly facts?: ShelfEntry['facts'];
};
const callOf = { model: 'models', dataset: 'datasets' } as const;

export class ShelfBook {
  readonly #kind: ShelfKind;
  readonly #parts: ShelfParts;

  constructor(kind: ShelfKind, parts: ShelfParts) {
    this.#kind = kind;
    this.#parts = parts;
  }

  /** Throws SHELF_NAME_TAKEN, FILE_MISSING, and what the engine says of a file that is none of this kind. */
  async add({ name, path: given, copy, model = null, facts: more = {} }: NewItem, actor: Actor): Promise<ShelfItem> {
    const { store, ledger, now } = this.#parts;
    const path = resolve(given);
    this.requireFree(name);
    if (!existsSync(path)) throw new AppError('FILE_MISSING', { what: this.#kind === 'model' ? 'Model' : 'Data file', path });
    const { facts, sha256 } = await this.#lookInto(path, model);
    const entry: ShelfEntry = {
      kind: this.#kind,
      name,
      path,
      is_copy: copy,
      bytes: bytesOf(path),
      sha256,
      added: now().toISOString(),
      facts: { ...facts, ...more },
    };
    this.requireFree(name);
    const made = await makeEntryFolder(this.#folder(name), entry).catch((error: unknown) => {
      throw fileFailure(error, { what: 'Shelf', path: this.#folder(name), action: 'write' });
    });
    return ledger.record(() => {
      store.shelf.insert(made);
      const { bytes, is_copy } = made;
      const audit = { actor, action: `${callOf[this.#kind]}.add`, subject: `${this.#kind} ${name}`, after: { path: made.path, is_copy, bytes, sha256 } };
      const item = this.#find(name);
      return { result: item, fact: { audit, outbox: [], events: [{ event: 'shelf.changed', data: item }] } };
    });
  }

  /** Other files under the same name, though something was made from those that were there; they are looked into first. */
  async replace(item: NewItem, actor: Actor): Promise<ShelfItem> {
    await this.#lookInto(resolve(item.path), item.model ?? null);
    this.remove({ name: item.name, force: true }, actor);
    return this.add(item, actor);
  }

  list(text: string | null): OutputOf<'models.list'> {
    return { items: [...this.#parts.store.shelf.list(this.#kind, text)] };
  }

  get(name: string): ShelfDetails {
    const item = this.#find(name);
    return { ...item, ...this.#parts.store.shelf.dependents(item) };
  }

  /** Throws SHELF_UNKNOWN, SHELF_IN_USE. */
  remove({ name, force }: ParsedInputOf<'models.remove'>, actor: Actor): null {
    const { store, ledger } = this.#parts;
    const { runs, versions, path, is_copy, sha256 } = this.get(name);
    const users = [...runs.map((run) => `run ${run}`), ...versions.map((version) => `version ${version}`)];
    if (users.length > 0 && !force) {
      const more = users.length > 5 ? ` and ${users.length - 5} more` : '';
      throw new AppError('SHELF_IN_USE', { what: this.#kind, name, users: users.slice(0, 5).join(', ') + more });
    }
    removeEntryFolder(this.#folder(name), () =>
      ledger.record(() => {
        store.shelf.remove(this.#kind, name);
        const audit = { actor, action: `${callOf[this.#kind]}.remove`, subject: `${this.#kind} ${name}`, before: { path, is_copy, sha256 }, after: null };
        return { result: null, fact: { audit, outbox: [], events: [{ event: 'shelf.removed', data: { kind: this.#kind, name } }] } };
      }),
    );
    return null;
  }

  async check(name: string): Promise<ShelfCheck> {
    const { path, sha256, facts } = this.#find(name);
    if (!existsSync(path)) return { name, path, problem: 'it is not there any more' };
    const now = this.#kind === 'dataset' ? (await hashFile(path)).sha256 : (await this.#lookInto(path, null)).sha256;
    if (now === sha256) return { name, path, problem: null };
    return { name, path, problem: `its SHA-256 is ${now}, it was ${sha256} (${String(facts['format'])}) when it was added` };
  }

  #folder(name: string): string {
    const { paths } = this.#parts;
    return join(this.#kind === 'model' ? paths.models : paths.datasets, name);
  }

  /** Throws SHELF_NAME_TAKEN. */
  requireFree(name: string): void {
    const isEmbedded = this.#kind === 'model' && name === embeddedModelName;
    if (isEmbedded || existsSync(this.#folder(name)) || this.#parts.store.shelf.find(this.#kind, name) !== null)
      throw new AppError('SHELF_NAME_TAKEN', { what: this.#kind, name });
  }

  #find(name: string): ShelfItem {
    const found = this.#parts.store.shelf.find(this.#kind, name);
    if (found === null) throw new AppError('SHELF_UNKNOWN', { what: this.#kind, name });
    return found;
  }

  async #lookInto(path: string, model: string | null): Promise<{ readonly facts: InspectResult['facts']; readonly sha256: string }> {
    const { compute, shelves } = this.#parts;
    const { max_seq_length: maxSeqLength, train_on: trainOn } = trainingDefaults;
    const tokensOf = this.#kind === 'dataset' ? shelves.model(model ?? embeddedModelName) : null;
    const running = await compute.start<'inspect'>({
      job: { kind: 'inspect', path, show: 0, model: tokensOf, rows: { columns: {}, chatTemplate: null, maxSeqLength, trainOn } },
      correlation: `add ${this.#kind}`,
      again: `lathe ${this.#kind} add`,
      onEvent: () => undefined,
    });
    const { kind, facts } = await running.result;
    if (kind !== this.#kind) throw new AppError('SHELF_KIND', { path, kind, wanted: this.#kind });
    const { sha256, bytes: _, path: __, ...others } = facts;
    if (this.#kind === 'model') return { facts: others, sha256: String(sha256) };
    return { facts: { ...others, tokens_by: model ?? embeddedModelName }, sha256: (await hashFile(path)).sha256 };
  }
}
