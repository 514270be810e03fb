/** From what a user names to what is scored: models by path or shelf name, versions with the base they need, an adapter that each carries besides, and what is deployed. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { BenchmarkRequest, BenchmarkSubject } from '../../../shared/domain/benchmark-run.ts';
import { parseDeployed } from '../../../shared/domain/deployed-name.ts';
import { runFiles } from '../../../shared/domain/run-record.ts';
import { parseVersionText, versionText } from '../../../shared/domain/version.ts';
import { versionFiles } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Paths } from '../../platform/paths.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import { requireUnchanged } from '../registry/artifacts.ts';
import type { DeployedModels } from './deployed-models.ts';
import type { Registry } from '../registry/registry.ts';
import { modelName } from '../registry/source-name.ts';
import type { Shelves } from '../shelves.ts';

export interface SubjectsParts {
  readonly paths: Paths;
  readonly shelves: Shelves;
  readonly registry: Registry;
  readonly deployed: Pick<DeployedModels, 'subject'>;
  /** Where a model of these bytes stands on the shelf. */
  readonly onShelf: (sha256: string) => string | null;
}

export class Subjects {
  readonly #parts: SubjectsParts;

  constructor(parts: SubjectsParts) {
    this.#parts = parts;
  }

  /** Each once, however often it was named. Throws FILE_MISSING, VERSION_UNKNOWN, VERSION_EMPTY, ARTIFACT_CHANGED, INPUT_INVALID, and of what is deployed DEPLOY_TARGET_UNKNOWN, MODEL_NOT_SERVED, REMOTE_*. */
  async find({ models, adapter }: Pick<BenchmarkRequest, 'models' | 'adapter'>): Promise<BenchmarkSubject[]> {
    const found = new Map<string, BenchmarkSubject>();
    for (const reference of models) {
      const subject = this.#carrying(await this.#subject(reference), adapter);
      found.set(JSON.stringify([subject.model, subject.adapter, subject.target]), subject);
    }
    return withOwnLabels([...found.values()]);
  }

  async #subject(reference: string): Promise<BenchmarkSubject> {
    const { shelves, paths, deployed } = this.#parts;
    const name = parseDeployed(reference);
    if (name !== null) return deployed.subject(name);
    if (reference.includes('@') && !isAbsolute(reference)) return this.#ofVersion(reference);
    const model = shelves.model(reference);
    return { ...bare, kind: 'model', label: modelName(model, paths), model };
  }

  async #ofVersion(text: string): Promise<BenchmarkSubject> {
    const { registry } = this.#parts;
    const found = await registry.findHere(parseVersionText(text));
    const { name, version, kind } = found.record;
    const key = { name, version };
    await requireUnchanged(found.dir, found.record);
    if (kind === 'model') return { ...bare, kind: 'version', label: versionText(key), model: join(found.dir, 'model'), version: key };
    const adapter = [versionFiles.adapter, versionFiles.gguf].map((place) => join(found.dir, place)).find((path) => existsSync(path));
    if (kind === 'note' || adapter === undefined) throw new AppError('VERSION_EMPTY', key);
    return { ...bare, kind: 'version', label: versionText(key), model: this.#baseOf(found), adapter, version: key };
  }

  /** By its bytes where they stand on the shelf, else where it lay, else by name. */
  #baseOf({ record: { base_model: base } }: StoredVersion): string {
    const { shelves, onShelf } = this.#parts;
    const known = base.sha256 === null ? null : onShelf(base.sha256);
    if (known !== null && existsSync(known)) return known;
    return base.path !== null && existsSync(base.path) ? base.path : shelves.model(base.name);
  }

  #carrying(subject: BenchmarkSubject, adapter: string | null): BenchmarkSubject {
    if (adapter === null) return subject;
    if (subject.kind === 'deployed')
      throw new AppError('INPUT_INVALID', { where: 'benchmarks.start.adapter', problem: `${subject.label} answers elsewhere and carries no other` });
    if (subject.adapter !== null)
      throw new AppError('INPUT_INVALID', { where: 'benchmarks.start.adapter', problem: `${subject.label} is an adapter itself and carries no other` });
    const path = this.#parts.shelves.adapter(adapter);
    // With something on top it is that version no more.
    return { ...subject, kind: 'adapter', label: `${subject.label} + ${adapterName(adapter, path)}`, adapter: path, version: null };
  }
}

const bare = { adapter: null, version: null, target: null } as const;

/** A name as it was given; of a path its last part, of an adapter in a run's folder the run. */
function adapterName(given: string, path: string): string {
  if (!isAbsolute(given)) return given;
  const name = basename(path);
  return name === runFiles.adapter ? basename(dirname(path)) : name;
}

/** Two that are called the same have their paths instead. */
function withOwnLabels(subjects: readonly BenchmarkSubject[]): BenchmarkSubject[] {
  const isTaken = ({ label }: BenchmarkSubject): boolean => subjects.filter((other) => other.label === label).length > 1;
  return subjects.map((subject) =>
    isTaken(subject) ? { ...subject, label: [subject.model, subject.adapter].filter((path) => path !== null).join(' + ') } : subject,
  );
}
