/** Writes the files of versions anew where a change of theirs was cut short between files and rows. The rows are the truth. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { versionFiles } from '../../../shared/domain/version-record.ts';
import { isImmutable } from '../../../shared/domain/version-state.ts';
import { writeFileAtomically } from '../../platform/atomic-files.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import { clearMark, marksIn, type Mark } from './change-mark.ts';
import { renderModelCard } from './model-card.ts';
import { textArtifact } from './text-artifact.ts';
import { writeTagsFile, writeVersionFile } from './version-folder.ts';

export interface MendParts {
  readonly store: Store;
  /** Holds one folder a name. */
  readonly folder: string;
}

/** Before folders are read in: one whose row was removed must not come back as a find. Not after the database was lost, which would make every row look removed. */
export function finishRemovals({ store, folder }: MendParts): void {
  for (const { name, version, removes } of marksIn(folder))
    if (removes && version !== null && !store.versions.has({ name, version })) rmSync(join(folder, name, version), { recursive: true, force: true });
}

/** After it. */
export function mendMarked(parts: MendParts): void {
  for (const { name, ...mark } of marksIn(parts.folder)) {
    mend(parts, name, mark);
    clearMark(join(parts.folder, name));
  }
}

export function mend({ store, folder }: MendParts, name: string, { version }: Mark): void {
  const ofName = join(folder, name);
  if (store.tags.hasHistory(name)) writeTagsFile(ofName, { tags: { ...store.tags.of(name) }, history: store.tags.tagHistory(name) });
  else rmSync(join(ofName, versionFiles.tags), { force: true });
  const found = version === null ? null : store.versions.find({ name, version });
  if (found === null) return;
  const { record, dir } = withCard(store, found);
  writeVersionFile(dir, { ...record, states: store.tags.stateHistory(name, found.version) });
}

/** The card that was registered; where this Lathe would word it otherwise, the new one, unless the version can no longer change. */
function withCard(store: Store, version: StoredVersion): StoredVersion {
  const { name, dir, record, state } = version;
  const known = record.artifacts.find(({ path }) => path === versionFiles.card);
  const path = join(dir, versionFiles.card);
  if (known === undefined || (existsSync(path) && textArtifact(versionFiles.card, readFileSync(path, 'utf8')).sha256 === known.sha256)) return version;
  const others = record.artifacts.filter((artifact) => artifact !== known);
  const gate = store.tags.stateHistory(name, version.version).findLast((entry) => entry.gate !== null)?.gate ?? null;
  const card = renderModelCard({ ...record, artifacts: others }, gate);
  const artifact = textArtifact(versionFiles.card, card);
  const isSame = artifact.sha256 === known.sha256;
  if (!isSame && isImmutable(state)) return version;
  writeFileAtomically(path, card);
  return isSame ? version : store.versions.update({ name, version: version.version }, { record: { ...record, artifacts: [...others, artifact] } });
}
