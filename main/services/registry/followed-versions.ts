/** Versions and tags as others have made and changed them: they appear here with their folders, and nobody is told of it again. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { versionFiles, type StateEntry, type VersionRecord } from '../../../shared/domain/version-record.ts';
import { isImmutable, versionStates } from '../../../shared/domain/version-state.ts';
import { syncFolder, temporaryBeside, writeFileAtomically } from '../../platform/atomic-files.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import type { Ledger } from '../ledger.ts';
import { clearMark, setMark, type Mark } from './change-mark.ts';
import { mend } from './mend-versions.ts';
import { renderModelCard } from './model-card.ts';
import { textArtifact } from './text-artifact.ts';
import { recordOf, type TagPayload, type VersionPayload } from './version-fact.ts';
import { versionYaml, writeTagsFile, writeVersionFile } from './version-folder.ts';

export interface FollowedVersionsParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
  /** Holds one folder a name. */
  readonly folder: string;
  readonly shown: (version: StoredVersion) => Version;
}

/** Part of the change. */
export type Within = () => void;

export class FollowedVersions {
  readonly #parts: FollowedVersionsParts;

  constructor(parts: FollowedVersionsParts) {
    this.#parts = parts;
  }

  /** One that is not here: its folder has everything but the files. */
  takeIn(payload: VersionPayload, within: Within): void {
    const { store } = this.#parts;
    const { name, version, state, states } = payload;
    const { record, card } = withCard(recordOf(payload), states);
    const dir = join(this.#parts.folder, name, version);
    const folder = prepared(dir, {
      'version.yaml': versionYaml({ ...record, states }),
      ...card,
      ...(needsFiles(record) ? { [versionFiles.elsewhere]: '' } : {}),
    });
    try {
      this.#change(name, { version, removes: false }, () => {
        if (existsSync(dir)) this.#aside({ name, version, dir });
        store.versions.insert({ state, dir, record });
        for (const entry of states) store.tags.addStateEntry(name, version, entry);
        folder.publish();
        within();
        return [this.#changed(store.versions.get({ name, version }))];
      });
    } catch (error) {
      folder.discard();
      throw error;
    }
  }

  /** Words and state of one that is here. What was approved stays so. */
  follow(local: StoredVersion, payload: VersionPayload, within: Within): void {
    const { store } = this.#parts;
    const { name, version } = local;
    const here = store.tags.stateHistory(name, version);
    const known = new Set(here.map((entry) => keyOf(entry)));
    const added = payload.states.filter((entry) => !known.has(keyOf(entry)));
    const isBack = isImmutable(local.state) && versionStates.indexOf(payload.state) < versionStates.indexOf(local.state);
    const words = isBack ? {} : { description: payload.description, metadata: payload.metadata };
    const state = isBack ? local.state : payload.state;
    const { record, card } = withCard({ ...local.record, ...words }, [...here, ...added]);
    this.#change(name, { version, removes: false }, () => {
      for (const entry of isBack ? [] : added) store.tags.addStateEntry(name, version, entry);
      const changed = store.versions.update({ name, version }, { state, record });
      for (const [path, text] of Object.entries(card)) writeFileAtomically(join(local.dir, path), text);
      writeVersionFile(local.dir, { ...record, states: store.tags.stateHistory(name, version) });
      within();
      return [this.#changed(changed)];
    });
  }

  /** It makes room: its folder is kept aside under a name with the time where it has files, and `after` is part of the change. */
  takeOut({ name, version, dir }: StoredVersion, within: Within): void {
    const { store } = this.#parts;
    this.#change(name, { version, removes: true }, () => {
      const tags = store.tags.ofVersion(name, version);
      for (const tag of tags) store.tags.put(name, tag, null);
      store.versions.remove({ name, version });
      store.tags.forgetStates(name, version);
      if (tags.length > 0) this.#writeTags(name);
      within();
      this.#aside({ name, version, dir });
      return [{ event: 'version.removed', data: { name, version } }];
    });
  }

  /** The same version under another number. */
  renumber({ name, version, dir, state, record }: StoredVersion, next: string, within: (version: StoredVersion) => void): void {
    const { store } = this.#parts;
    this.#change(name, { version: next, removes: false }, () => {
      const states = store.tags.stateHistory(name, version);
      const tags = store.tags.ofVersion(name, version);
      const renamed = withCard({ ...record, version: next }, states);
      const to = join(dirname(dir), next);
      for (const tag of tags) store.tags.put(name, tag, null);
      store.versions.remove({ name, version });
      store.tags.forgetStates(name, version);
      store.versions.insert({ state, dir: to, record: renamed.record });
      for (const entry of states) store.tags.addStateEntry(name, next, entry);
      for (const tag of tags) store.tags.put(name, tag, next);
      const stored = store.versions.get({ name, version: next });
      within(stored);
      renameSync(dir, to);
      try {
        syncFolder(dirname(to));
        for (const [path, text] of Object.entries(renamed.card)) writeFileAtomically(join(to, path), text);
        writeVersionFile(to, { ...renamed.record, states });
        if (tags.length > 0) this.#writeTags(name);
      } catch (error) {
        renameSync(to, dir);
        throw error;
      }
      return [{ event: 'version.removed', data: { name, version } }, this.#changed(stored)];
    });
  }

  /** `version` null: it was taken away. Where its version is not here yet the tag waits for it. */
  moveTag({ name, tag }: Pick<TagPayload, 'name' | 'tag'>, moved: TagPayload | null, within: Within): void {
    const { store, now } = this.#parts;
    const version = moved === null || !store.versions.has({ name, version: moved.version }) ? null : moved.version;
    const previous = store.tags.versionOf(name, tag);
    if (previous === version) return store.transaction(within);
    this.#change(name, { version: null, removes: false }, () => {
      const actor = moved?.actor ?? { user: 'somebody', host: 'another device', token: null };
      const at = moved?.at ?? now().toISOString();
      store.tags.put(name, tag, version);
      store.tags.addTagEntry(name, { tag, version, previous, at, actor, reason: moved?.reason ?? null });
      this.#writeTags(name);
      within();
      const touched = [version, previous].flatMap((each) => (each === null ? [] : [store.versions.touch({ name, version: each })]));
      return touched.map((each) => this.#changed(each));
    });
  }

  /** Files and rows together, as a change of our own is (`VersionBook`): a mark tells where a kill left them apart. */
  #change(name: string, mark: Mark, act: () => readonly CoreEvent[]): void {
    const { store, ledger, folder } = this.#parts;
    const ofName = join(folder, name);
    setMark(ofName, mark);
    try {
      ledger.record(() => ({ result: null, fact: { audit: null, outbox: [], events: act() } }));
    } catch (error) {
      mend({ store, folder }, name, mark);
      throw error;
    } finally {
      clearMark(ofName);
    }
  }

  #aside({ name, version, dir }: Pick<StoredVersion, 'name' | 'version' | 'dir'>): void {
    if (!existsSync(dir)) return;
    const isEmpty = existsSync(join(dir, versionFiles.elsewhere));
    const stamp = this.#parts.now().toISOString().replaceAll(/[:.]/g, '-');
    const to = isEmpty ? temporaryBeside(dir) : free(join(dirname(this.#parts.folder), 'registry-aside', `${versionText({ name, version })}.${stamp}`));
    mkdirSync(dirname(to), { recursive: true });
    renameSync(dir, to);
    syncFolder(dirname(to));
    if (isEmpty) rmSync(to, { recursive: true, force: true });
  }

  #writeTags(name: string): void {
    const { store, folder } = this.#parts;
    writeTagsFile(join(folder, name), { tags: { ...store.tags.of(name) }, history: store.tags.tagHistory(name) });
  }

  #changed(version: StoredVersion): CoreEvent {
    return { event: 'version.changed', data: this.#parts.shown(version) };
  }
}

const keyOf = ({ state, previous, at, actor }: StateEntry): string => JSON.stringify([state, previous, at, actor]);
const needsFiles = ({ artifacts }: VersionRecord): boolean => artifacts.some(({ path }) => path !== versionFiles.card);

function free(path: string): string {
  for (let number = 1; ; number += 1) {
    const named = number === 1 ? path : `${path}.${number}`;
    if (!existsSync(named) || readdirSync(named).length === 0) return named;
  }
}

/** The card is in the words of this Lathe. */
function withCard(record: VersionRecord, states: readonly StateEntry[]): { readonly record: VersionRecord; readonly card: Readonly<Record<string, string>> } {
  const bare = { ...record, artifacts: record.artifacts.filter(({ path }) => path !== versionFiles.card) };
  const text = renderModelCard(bare, states.findLast(({ gate }) => gate !== null)?.gate ?? null);
  return { record: { ...bare, artifacts: [...bare.artifacts, textArtifact(versionFiles.card, text)] }, card: { [versionFiles.card]: text } };
}

/** A whole folder under a temporary name; `publish` gives it its own. */
function prepared(target: string, files: Readonly<Record<string, string>>): { readonly publish: () => void; readonly discard: () => void } {
  const path = temporaryBeside(target);
  for (const [name, text] of Object.entries(files)) writeFileAtomically(join(path, name), text);
  let place = path;
  return {
    publish: () => {
      renameSync(path, target);
      place = target;
      syncFolder(dirname(target));
    },
    discard: () => rmSync(place, { recursive: true, force: true }),
  };
}
