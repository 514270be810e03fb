/** The versions of the store, with every change told and allowed, and the folders kept in step: what the registry writes through. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { Version, VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { KeptVerdict } from '../../../shared/domain/gate-verdict.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { versionFiles, type StateEntry, type VersionRecord, type VersionSource } from '../../../shared/domain/version-record.ts';
import { isImmutable, mayBecome, type VersionState } from '../../../shared/domain/version-state.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { temporaryBeside, writeFileAtomically } from '../../platform/atomic-files.ts';
import type { OutboxFact } from '../../store/outbox-rows.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import type { Fact, Ledger } from '../ledger.ts';
import { requireRevision } from '../revision.ts';
import type { Prepared } from './artifacts.ts';
import { clearMark, setMark, type Mark } from './change-mark.ts';
import { mend } from './mend-versions.ts';
import { renderModelCard } from './model-card.ts';
import { textArtifact } from './text-artifact.ts';
import { tagFact, versionFact } from './version-fact.ts';
import { writeTagsFile, writeVersionFile } from './version-folder.ts';

export interface VersionBookParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
  /** Holds one folder a name. */
  readonly folder: string;
}

export interface Asked {
  readonly actor: Actor;
  readonly action: string;
  readonly reason?: string | null;
  /** What the gate says of an approval. */
  readonly gate?: KeptVerdict | null;
  /** Of the version, as whoever asks read it. */
  readonly revision?: number | undefined;
}

export class VersionBook {
  readonly #parts: VersionBookParts;
  #isChanging = false;
  #marked: { readonly name: string; readonly mark: Mark } | null = null;

  constructor(parts: VersionBookParts) {
    this.#parts = parts;
  }

  time(): string {
    return this.#parts.now().toISOString();
  }

  folderOf(name: string): string {
    return join(this.#parts.folder, name);
  }

  /** Row and folder appear together: the folder by a rename just before the row is committed. */
  add(record: VersionRecord, { folder, first, tags }: NewFolder, asked: Asked): StoredVersion {
    const { store } = this.#parts;
    const { name, version } = record;
    const dir = join(this.folderOf(name), version);
    try {
      return this.#record(() => {
        store.versions.insert({ state: first.state, dir, record });
        store.tags.addStateEntry(name, version, first);
        folder.publish();
        for (const tag of tags) this.tag({ name, version }, tag, { ...asked, action: 'registry.tag' });
        const stored = store.versions.get({ name, version });
        const after = { state: stored.state, run: record.run, base_model: record.base_model.name, artifacts: record.artifacts };
        return { result: stored, fact: this.#fact(stored, { asked, before: null, after }) };
      });
    } catch (error) {
      folder.discard();
      throw error;
    }
  }

  /** Throws VERSION_STATE, PRECONDITION_FAILED. */
  setState(key: Key, state: VersionState, asked: Asked): StoredVersion {
    const { store } = this.#parts;
    return this.#record(() => {
      const before = store.versions.get(key);
      requireSame(before, asked);
      if (!mayBecome(before.state, state)) throw new AppError('VERSION_STATE', { ...keyOf(key), state: before.state, change: `become ${state}` });
      const entry = { state, previous: before.state, at: this.time(), actor: asked.actor, reason: asked.reason ?? null, gate: asked.gate ?? null };
      store.tags.addStateEntry(key.name, key.version, entry);
      const record = entry.gate === null ? before.record : this.#withCard(before, before.record, entry.gate);
      const version = store.versions.update(key, { state, record });
      this.#writeRecord(version);
      const { reason, gate } = entry;
      const facts = { asked, before: { state: before.state }, after: { state, reason, ...(gate === null ? {} : { gate: told(gate) }) } };
      return { result: version, fact: this.#fact(version, facts) };
    });
  }

  /** Description and metadata, and the card that shows them. Throws VERSION_IMMUTABLE, PRECONDITION_FAILED. */
  setWords(key: Key, words: Partial<Pick<VersionRecord, 'description' | 'metadata'>>, asked: Asked): StoredVersion {
    const { store } = this.#parts;
    return this.#record(() => {
      const found = store.versions.get(key);
      requireSame(found, asked);
      const { state, record: old } = found;
      const what = Object.keys(words).join(' and ');
      if (isImmutable(state)) throw new AppError('VERSION_IMMUTABLE', { ...keyOf(key), state, what });
      const version = store.versions.update(key, { record: this.#withCard(found, { ...old, ...words }, null) });
      this.#writeRecord(version);
      const before = { description: old.description, metadata: old.metadata };
      return { result: version, fact: this.#fact(version, { asked, before, after: words }) };
    });
  }

  /** Both versions have changed for those who keep copies: the one that has it now and the one that had it. Throws PRECONDITION_FAILED. */
  tag({ name, version }: Key, tag: string, asked: Asked): StoredVersion {
    const { store } = this.#parts;
    return this.#record(() => {
      requireSame(store.versions.get({ name, version }), asked);
      const previous = store.tags.versionOf(name, tag);
      if (previous === version) return { result: store.versions.get({ name, version }), fact: { audit: null, outbox: [], events: [] } };
      const fact = this.#moveTag({ name, tag, version, previous }, asked);
      return { result: store.versions.get({ name, version }), fact };
    });
  }

  /** Throws TAG_UNKNOWN. Returns the version that had it. */
  untag(name: string, tag: string, asked: Asked): StoredVersion {
    const { store } = this.#parts;
    return this.#record(() => {
      const previous = store.tags.versionOf(name, tag);
      if (previous === null) throw new AppError('TAG_UNKNOWN', { name, tag });
      const fact = this.#moveTag({ name, tag, version: null, previous }, asked);
      return { result: store.versions.get({ name, version: previous }), fact };
    });
  }

  /** Throws VERSION_STATE for all but drafts, PRECONDITION_FAILED. */
  remove(key: Key, asked: Asked): void {
    const { store } = this.#parts;
    this.#record(() => {
      const version = store.versions.get(key);
      requireSame(version, asked);
      if (version.state !== 'draft') throw new AppError('VERSION_STATE', { ...keyOf(key), state: version.state, change: 'be removed' });
      this.#mark(key.name, { version: key.version, removes: true });
      for (const tag of store.tags.ofVersion(key.name, key.version)) this.untag(key.name, tag, { ...asked, action: 'registry.untag' });
      store.versions.remove(key);
      store.tags.forgetStates(key.name, key.version);
      const audit = { ...by(asked), subject: subject(key), before: { state: version.state, run: version.record.run }, after: null };
      const outbox = [{ entity: 'version', id: versionText(key), schema: 1, payload: null }] as const;
      return { result: version.dir, fact: { audit, outbox, events: [{ event: 'version.removed', data: keyOf(key) }] } };
    }, removeFolder);
  }

  /**
   * Files and rows change together; `after` is done when the rows are on disk. What fails leaves both as they were; where even that cannot be written the
   * mark stays, and the next host mends it.
   */
  #record<Result>(change: () => { readonly result: Result; readonly fact: Fact }, after?: (result: Result) => void): Result {
    const { ledger } = this.#parts;
    if (this.#isChanging) return ledger.record(change);
    this.#isChanging = true;
    try {
      const result = ledger.record(change);
      after?.(result);
      this.#unmark();
      return result;
    } catch (error) {
      this.#mend();
      throw error;
    } finally {
      this.#marked = null;
      this.#isChanging = false;
    }
  }

  /** Before the first file is written. */
  #mark(name: string, mark: Mark): void {
    if (this.#marked !== null) return;
    setMark(this.folderOf(name), mark);
    this.#marked = { name, mark };
  }

  #unmark(): void {
    if (this.#marked !== null) clearMark(this.folderOf(this.#marked.name));
  }

  #mend(): void {
    if (this.#marked === null) return;
    try {
      mend(this.#parts, this.#marked.name, this.#marked.mark);
      this.#unmark();
    } catch {
      // What is told stays the first failure; the mark tells the next host.
    }
  }

  shown({ name, version, state, dir, record, revision }: StoredVersion): Version {
    const { description, kind, dataset, run, metrics, created } = record;
    const base_model = this.withShelfName(record.base_model);
    const tags = this.#parts.store.tags.ofVersion(name, version);
    return { name, version, state, description, tags, kind, base_model, dataset, run, metrics, created, dir, revision };
  }

  /** A base is its bytes: where they stand on the shelf they have its name, whatever the file was called that they were first seen in. */
  withShelfName(base: VersionSource): VersionSource {
    const name = base.sha256 === null ? null : this.#parts.store.shelf.nameOf('model', base.sha256);
    return { ...base, name: name ?? base.name };
  }

  details(version: StoredVersion): VersionDetails {
    return { ...this.shown(version), record: version.record, states: this.#states(version) };
  }

  #states({ name, version }: Key): StateEntry[] {
    return this.#parts.store.tags.stateHistory(name, version);
  }

  #writeRecord(version: StoredVersion): void {
    this.#mark(version.name, { version: version.version, removes: false });
    writeVersionFile(version.dir, { ...version.record, states: this.#states(version) });
  }

  /** The card that tells of the record, written where there was one, and the record with its hash. */
  #withCard({ name, version, dir }: Key & { readonly dir: string }, record: VersionRecord, gate: KeptVerdict | null): VersionRecord {
    const others = record.artifacts.filter(({ path }) => path !== versionFiles.card);
    const bare = { ...record, artifacts: others };
    if (others.length === record.artifacts.length) return bare;
    const card = renderModelCard(bare, gate);
    this.#mark(name, { version, removes: false });
    writeFileAtomically(join(dir, versionFiles.card), card);
    return { ...bare, artifacts: [...others, textArtifact(versionFiles.card, card)] };
  }

  #moveTag({ name, tag, version, previous }: TagMove, asked: Asked) {
    const { store } = this.#parts;
    store.tags.put(name, tag, version);
    const entry = { tag, version, previous, at: this.time(), actor: asked.actor, reason: asked.reason ?? null };
    store.tags.addTagEntry(name, entry);
    this.#mark(name, { version: null, removes: false });
    writeTagsFile(this.folderOf(name), { tags: { ...store.tags.of(name) }, history: store.tags.tagHistory(name) });
    const touched = [version, previous].flatMap((each) => (each === null ? [] : [store.versions.touch({ name, version: each })]));
    const audit = { ...by(asked), subject: `tag ${name}:${tag}`, before: { version: previous }, after: { version, reason: asked.reason ?? null } };
    const outbox: OutboxFact[] = [tagFact({ name, tag, version }, entry)];
    return { audit, outbox, events: touched.map((each) => this.#changed(each)) };
  }

  #changed(version: StoredVersion): CoreEvent {
    return { event: 'version.changed', data: this.shown(version) };
  }

  #fact(version: StoredVersion, { asked, before, after }: { readonly asked: Asked; readonly before: unknown; readonly after: unknown }) {
    const audit = { ...by(asked), subject: subject(version), before, after };
    return { audit, outbox: [versionFact(version, this.#states(version))], events: [this.#changed(version)] };
  }
}

export interface NewFolder {
  readonly folder: Prepared;
  readonly first: StateEntry;
  readonly tags: readonly string[];
}

interface Key {
  readonly name: string;
  readonly version: string;
}

interface TagMove {
  readonly name: string;
  readonly tag: string;
  readonly version: string | null;
  readonly previous: string | null;
}

const requireSame = (version: StoredVersion, asked: Asked): void => {
  requireRevision({ subject: `Version ${versionText(version)}`, revision: version.revision }, asked);
};
const keyOf = ({ name, version }: Key): Key => ({ name, version });
const by = ({ actor, action }: Asked) => ({ actor, action });
const subject = (key: Key): string => `version ${versionText(key)}`;

/** What the audit log keeps of a gate's verdict. */
const told = ({ verdict, against, rules }: KeptVerdict) => ({
  verdict,
  against,
  rules: rules.map(({ rule, benchmark, verdict: of, scores }) => ({ rule, benchmark, verdict: of, scores })),
});

/** Out of sight by one rename, so that no half version is ever seen. */
function removeFolder(dir: string): void {
  const aside = temporaryBeside(dir);
  try {
    renameSync(dir, aside);
  } catch {
    // It was gone already.
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}
