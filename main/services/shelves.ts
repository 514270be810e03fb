/** Finds models, data sets and adapters by path, by name on the shelves of LATHE_HOME, or by run id. */
import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { embeddedModelName } from '../../shared/domain/shelf-entry.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import type { Paths } from '../platform/paths.ts';
import { projectFiles } from '../platform/project-files.ts';
import { readEntry } from './shelf/entry-folder.ts';
import { adapterOfVersion } from './registry/adapter-of-version.ts';

const isPlainName = (text: string): boolean => text === basename(text) && text !== '.' && text !== '..';

export class Shelves {
  readonly #paths: Paths;
  readonly #folder: string | null;

  /** Relative paths are taken from `folder`; null: there are none, what is no absolute path is a name. */
  constructor(paths: Paths, folder: string | null) {
    this.#paths = paths;
    this.#folder = folder;
  }

  /** A file or folder, `models/<name>`, or the embedded model. */
  model(reference: string): string {
    const embedded = reference === embeddedModelName ? [projectFiles.embeddedModel] : [];
    return this.#find('Model', reference, [...this.#onShelf(this.#paths.models, reference), ...embedded]);
  }

  dataset(reference: string): string {
    return this.#find('Data file', reference, this.#onShelf(this.#paths.datasets, reference));
  }

  /** An adapter folder or file, a run folder, a run's id, or a version (`name@1.2.0`, `name@tag`), whose files are checked. */
  adapter(reference: string): string {
    const version = this.#version(reference);
    if (version !== null) return version;
    const inRun = [...this.#asPath(reference), ...this.#onShelf(this.#paths.runs, reference)].map((run) => join(run, runFiles.adapter));
    return this.#find('Adapter', reference, inRun, { prefer: 'candidates' });
  }

  /** Whatever it is. */
  anything(reference: string): string {
    const version = this.#version(reference);
    if (version !== null) return version;
    const shelves = [this.#paths.models, this.#paths.datasets].flatMap((shelf) => this.#onShelf(shelf, reference));
    const runs = this.#onShelf(this.#paths.runs, reference).map((run) => join(run, runFiles.adapter));
    const embedded = reference === embeddedModelName ? [projectFiles.embeddedModel] : [];
    return this.#find('File', reference, [...shelves, ...runs, ...embedded]);
  }

  /** A file that a flag or a configuration names. */
  file(what: string, reference: string): string {
    return this.#find(what, reference, []);
  }

  /** null where it is a path that is there, or names no version. */
  #version(reference: string): string | null {
    return this.#asPath(reference).some((path) => existsSync(path)) ? null : adapterOfVersion(this.#paths.registry, reference);
  }

  #asPath(reference: string): readonly string[] {
    if (this.#folder !== null) return [resolve(this.#folder, reference)];
    return isAbsolute(reference) ? [resolve(reference)] : [];
  }

  #onShelf(shelf: string, reference: string): readonly string[] {
    if (!isPlainName(reference)) return [];
    const folder = join(shelf, reference);
    return [shelf === this.#paths.runs ? folder : (readEntry(folder)?.path ?? folder)];
  }

  #find(what: string, reference: string, candidates: readonly string[], { prefer = 'path' }: { prefer?: 'path' | 'candidates' } = {}): string {
    const path = this.#asPath(reference);
    const found = (prefer === 'path' ? [...path, ...candidates] : [...candidates, ...path]).find((candidate) => existsSync(candidate));
    if (found === undefined) throw new AppError('FILE_MISSING', { what, path: reference });
    return found;
  }
}
