/** Makes versions and tags of other devices appear in the registry here. Runs, scores, deployments and audit logs of others are kept as rows alone. */
import { ModelName, parseVersionText, SemanticVersion, Tag } from '../../../../shared/domain/version.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { SharedRow } from '../../../store/shared-rows.ts';
import type { Store } from '../../../store/store.ts';
import type { StoredVersion } from '../../../store/version-rows.ts';
import type { FollowedVersions } from '../../registry/followed-versions.ts';
import { TagPayload, VersionPayload } from '../../registry/version-fact.ts';
import { twoOf } from '../conflict.ts';
import { sameValue } from '../fact-content.ts';
import type { Projection } from '../shared-book.ts';

export interface RegistryProjectionParts {
  readonly store: Store;
  readonly versions: FollowedVersions;
  readonly log: Logger;
}

export class RegistryProjection implements Projection {
  readonly #parts: RegistryProjectionParts;

  constructor(parts: RegistryProjectionParts) {
    this.#parts = parts;
  }

  makesFiles(entity: string): boolean {
    return entity === 'version' || entity === 'tag';
  }

  apply(row: SharedRow, keep: () => void): void {
    if (row.entity === 'version') this.#version(row, keep);
    else if (row.entity === 'tag') this.#tag(row, keep);
    else this.#parts.store.transaction(keep);
  }

  /** HANA's own takes the place of what is here, which is kept aside. */
  replace(row: SharedRow, keep: () => void): void {
    const local = this.#parts.store.versions.find(parseVersionText(row.id));
    const payload = this.#payload(row);
    if (payload === null || local === null) return this.#parts.store.transaction(keep);
    this.#instead(local, payload, keep);
  }

  #version(row: SharedRow, keep: () => void): void {
    const { store, versions, log } = this.#parts;
    const key = parseVersionText(row.id);
    const local = store.versions.find(key);
    const areTwo = local !== null && twoOf(store, row.entity, row.id) !== null;
    if (areTwo || !ModelName.safeParse(key.name).success || !SemanticVersion.safeParse(key.version).success) return store.transaction(keep);
    if (row.payload === null) {
      if (local?.state === 'draft') return versions.takeOut(local, keep);
      if (local !== null) log.warn('a version that is no draft here was taken away elsewhere; it stays', { version: row.id });
      return store.transaction(keep);
    }
    const payload = this.#payload(row);
    if (payload === null) return store.transaction(keep);
    if (local === null) this.#takeIn(payload, keep);
    else if (isSame(local, payload)) versions.follow(local, payload, keep);
    else this.#instead(local, payload, keep);
  }

  #instead(local: StoredVersion, payload: VersionPayload, keep: () => void): void {
    const { store, versions } = this.#parts;
    const tags = store.tags.ofVersion(local.name, local.version);
    versions.takeOut(local, () => undefined);
    this.#takeIn(payload, keep);
    const { name, version } = payload;
    for (const tag of tags) {
      const { at = null, actor = null, reason = null } = store.tags.tagHistory(name, tag).at(-1) ?? {};
      versions.moveTag({ name, tag }, { name, tag, version, at, actor, reason }, () => undefined);
    }
  }

  /** With the tags that waited for it. */
  #takeIn(payload: VersionPayload, keep: () => void): void {
    const { store, versions } = this.#parts;
    versions.takeIn(payload, keep);
    for (const row of store.shared.tagsOf(payload.name)) {
      const tag = TagPayload.safeParse(row.payload).data;
      if (tag?.version === payload.version && store.tags.versionOf(tag.name, tag.tag) === null) versions.moveTag(tag, tag, () => undefined);
    }
  }

  #tag(row: SharedRow, keep: () => void): void {
    const { store, versions, log } = this.#parts;
    const [name = '', tag = ''] = row.id.split(':');
    if (!ModelName.safeParse(name).success || !Tag.safeParse(tag).success) return store.transaction(keep);
    const parsed = row.payload === null ? null : TagPayload.safeParse(row.payload);
    if (parsed?.success === false) {
      log.warn('a tag of another device cannot be read', { tag: row.id });
      return store.transaction(keep);
    }
    versions.moveTag({ name, tag }, parsed?.data ?? null, keep);
  }

  #payload(row: SharedRow): VersionPayload | null {
    const parsed = VersionPayload.safeParse(row.payload);
    if (parsed.success) return parsed.data;
    if (row.payload !== null)
      this.#parts.log.warn('a version of another device cannot be read', { version: row.id, at: parsed.error.issues[0]?.path.join('.') ?? '' });
    return null;
  }
}

/** Made at one time by one person: the same version, whatever was said of it since. */
const isSame = ({ record }: StoredVersion, { created, created_by: by }: VersionPayload): boolean =>
  record.created === created && sameValue(record.created_by, by);
