/** Files of versions on their way between devices: put into the shared folder where they were made, and fetched from there where they are needed. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { versionFiles, type Artifact } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { renameDurably, syncFolder, temporaryBeside } from '../../platform/atomic-files.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import { ArtifactFolder } from './artifact-folder.ts';

export interface SharedArtifactsParts {
  readonly store: Store;
  /** The folder that the HANA connection names; null: none. */
  readonly place: () => string | null;
  readonly log: Logger;
}

const filesOf = ({ record }: StoredVersion): readonly Artifact[] => record.artifacts.filter(({ path }) => path !== versionFiles.card);
const isElsewhere = ({ dir }: StoredVersion): boolean => existsSync(join(dir, versionFiles.elsewhere));

export class SharedArtifacts {
  readonly #parts: SharedArtifactsParts;
  /** By place and hash: what this process has seen there. */
  readonly #shared = new Set<string>();

  constructor(parts: SharedArtifactsParts) {
    this.#parts = parts;
  }

  /** Every file that is here and not there. What cannot be put is told in the log, and tried again the next time. Returns how many were put. */
  async share(): Promise<number> {
    const { store, log } = this.#parts;
    const folder = this.#folder();
    if (folder === null || !folder.isReachable()) return 0;
    let files = 0;
    for (const name of store.versions.names())
      for (const version of store.versions.ofName(name, Number.MAX_SAFE_INTEGER)) {
        if (isElsewhere(version)) continue;
        try {
          for (const artifact of filesOf(version)) if (await this.#put(folder, version, artifact)) files += 1;
        } catch (error) {
          log.warn('files of a version cannot be shared', {
            version: `${name}@${version.version}`,
            problem: error instanceof Error ? error.message : String(error),
          });
        }
      }
    if (files > 0) log.info('files shared', { files });
    return files;
  }

  async #put(folder: ArtifactFolder, { dir }: StoredVersion, { path, sha256 }: Artifact): Promise<boolean> {
    const key = `${folder.path}\n${sha256}`;
    if (this.#shared.has(key) || !existsSync(join(dir, path))) return false;
    const isNew = await folder.put(join(dir, path), sha256);
    if (isNew || folder.has(sha256)) this.#shared.add(key);
    return isNew;
  }

  /** Nothing where its files are here already. Throws ARTIFACT_FOLDER_MISSING, ARTIFACT_CHANGED, DISK_FULL. Returns how many were fetched. */
  async fetch(version: StoredVersion): Promise<number> {
    const { name, version: number, dir } = version;
    if (!isElsewhere(version)) return 0;
    const missing = (problem: string): AppError => new AppError('ARTIFACT_FOLDER_MISSING', { name, version: number, problem });
    const folder = this.#folder();
    if (folder === null) throw missing('no folder for them is named');
    if (!folder.isReachable()) throw missing(`${folder.path} is not to be reached from here`);
    const artifacts = filesOf(version).filter(({ path }) => !existsSync(join(dir, path)));
    const absent = artifacts.find(({ sha256 }) => !folder.has(sha256));
    if (absent !== undefined) throw missing(`${absent.path} is not in ${folder.path} yet`);
    try {
      for (const artifact of artifacts) await this.#take(folder, version, artifact);
      rmSync(join(dir, versionFiles.elsewhere), { force: true });
      syncFolder(dir);
    } catch (error) {
      throw fileFailure(error, { what: 'Adapter', path: dir, action: 'write' });
    }
    this.#parts.log.info('files fetched', { version: `${name}@${number}`, files: artifacts.length });
    return artifacts.length;
  }

  async #take(folder: ArtifactFolder, { name, version, dir }: StoredVersion, { path, sha256 }: Artifact): Promise<void> {
    const target = join(dir, path);
    mkdirSync(dirname(target), { recursive: true });
    const temporary = temporaryBeside(target);
    if (!(await folder.take(sha256, temporary)))
      throw new AppError('ARTIFACT_CHANGED', { name, version, path, problem: `its copy in ${folder.path} has another SHA-256` });
    renameDurably(temporary, target);
  }

  /** Where something is to be made of its files; without the folder what comes next tells what is missing. */
  async bring(version: StoredVersion): Promise<void> {
    if (isElsewhere(version) && this.#folder()?.isReachable() === true) await this.fetch(version);
  }

  #folder(): ArtifactFolder | null {
    const place = this.#parts.place();
    return place === null ? null : new ArtifactFolder(place);
  }
}
