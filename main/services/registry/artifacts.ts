/** Files of a version: copied in under a temporary name, hashed as they are written, and hashed again before they are used. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { versionFiles, type Artifact, type VersionRecord } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { copyHashed, hashFile, syncFolder, temporaryBeside } from '../../platform/atomic-files.ts';
import { fileFailure } from '../../platform/file-failure.ts';

/** What goes into a version's folder: a file or folder to copy, or a text. `name` is its place there. */
export type Content = { readonly name: string; readonly from: string } | { readonly name: string; readonly text: string };

/** A folder that is whole but not in its place yet. */
export interface Prepared {
  readonly path: string;
  readonly artifacts: Artifact[];
  /** Adds a text; it counts as an artifact unless it is the record, which cannot hold its own hash. */
  write(name: string, text: string): Promise<void>;
  /** By one rename. */
  publish(): void;
  /** Takes it away again, wherever it is by now. */
  discard(): void;
}

/** Copies everything into a temporary folder beside `target`. Throws DISK_FULL, FILE_MISSING, FILE_FORBIDDEN. */
export async function prepareFolder(target: string, contents: readonly Content[]): Promise<Prepared> {
  const path = temporaryBeside(target);
  const artifacts: Artifact[] = [];
  let place = path;
  const discard = (): void => rmSync(place, { recursive: true, force: true });
  const prepared: Prepared = {
    path,
    artifacts,
    write: (name, text) => writeText(join(path, name), text),
    publish: () => {
      syncFolder(path);
      renameSync(path, target);
      place = target;
      syncFolder(dirname(target));
    },
    discard,
  };
  try {
    await mkdir(path, { recursive: true });
    for (const content of contents) artifacts.push(...(await add(path, content)));
    return prepared;
  } catch (error) {
    discard();
    throw fileFailure(error, { what: 'Adapter', path: target, action: 'write' });
  }
}

async function add(folder: string, content: Content): Promise<Artifact[]> {
  const to = join(folder, content.name);
  if ('text' in content) {
    await writeText(to, content.text);
    return [{ path: content.name, ...(await hashFile(to)) }];
  }
  const files = await filesOf(content.from);
  const artifacts: Artifact[] = [];
  for (const file of files) {
    const inside = relative(content.from, file).split(sep).join('/');
    const name = inside === '' ? content.name : `${content.name}/${inside}`;
    artifacts.push({ path: name, ...(await copyHashed(file, join(folder, name))) });
    syncFolder(dirname(join(folder, name)));
  }
  return artifacts;
}

async function writeText(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The file, or every file of the folder, by name. */
async function filesOf(path: string): Promise<readonly string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Every file that is not as it was registered, with what is wrong. */
export async function changedArtifacts(dir: string, artifacts: readonly Artifact[]): Promise<readonly { readonly path: string; readonly problem: string }[]> {
  const changed: { path: string; problem: string }[] = [];
  for (const { path, sha256 } of artifacts) {
    const file = join(dir, path);
    const problem = existsSync(file) ? ((await hashFile(file)).sha256 === sha256 ? null : 'its SHA-256 is another') : 'it is missing';
    if (problem !== null) changed.push({ path, problem });
  }
  return changed;
}

/** Throws ARTIFACT_ELSEWHERE for one that was made on another device, whose files were not brought yet. */
export function requireHere(dir: string, { name, version }: Pick<VersionRecord, 'name' | 'version'>): void {
  if (existsSync(join(dir, versionFiles.elsewhere))) throw new AppError('ARTIFACT_ELSEWHERE', { name, version, problem: 'it was made on another device' });
}

/** Before anything is made of a version's files. Throws ARTIFACT_ELSEWHERE, ARTIFACT_CHANGED. */
export async function requireUnchanged(dir: string, { name, version, artifacts }: Pick<VersionRecord, 'name' | 'version' | 'artifacts'>): Promise<void> {
  if (artifacts.some(({ path }) => path !== versionFiles.card)) requireHere(dir, { name, version });
  const [first] = await changedArtifacts(dir, artifacts);
  if (first !== undefined) throw new AppError('ARTIFACT_CHANGED', { name, version, ...first });
}
