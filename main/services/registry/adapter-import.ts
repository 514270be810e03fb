/** Looks into an adapter that comes from elsewhere, with the engine's own reader, before the registry takes it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { InspectResult } from '../../../shared/contracts/compute-jobs.ts';
import { trainingDefaults } from '../../../shared/domain/training-settings.ts';
import { versionFiles, type Artifact, type VersionSource } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { Content } from './artifacts.ts';
import type { VersionSourceFiles } from './version-from-run.ts';

export interface ImportedAdapter extends VersionSourceFiles {
  /** Throws REGISTRY_SOURCE where what was copied is not what was looked into. */
  readonly requireSame: (artifacts: readonly Artifact[]) => void;
}

export interface ImportParts {
  readonly compute: ComputeJobs;
  /** What a base model is called. */
  readonly nameOf: (path: string) => string;
}

/** `base`: the base model's path, whose hash is then known. Throws REGISTRY_SOURCE, and what the reader throws. */
export async function lookIntoAdapter({ path, base }: { readonly path: string; readonly base: string | null }, parts: ImportParts): Promise<ImportedAdapter> {
  if (!existsSync(path)) throw new AppError('FILE_MISSING', { what: 'Adapter', path });
  const { kind, facts } = await inspect(path, parts.compute);
  if (kind !== 'adapter') throw new AppError('REGISTRY_SOURCE', { what: path, problem: `it is a ${kind}, not an adapter` });
  const { format, base_model_name: named, sha256, path: _, bytes: __, ...parameters } = facts;
  const contents = contentsOf(path);
  return {
    origins: {
      kind: 'adapter',
      origin: 'import',
      run: null,
      base_model: await baseOf(base, String(named), parts),
      dataset: null,
      lineage: [],
      parameters: { lora: parameters, format: format ?? null },
      metrics: {},
    },
    contents,
    requireSame: (artifacts) => {
      if (hashOf(artifacts) !== sha256) throw new AppError('REGISTRY_SOURCE', { what: path, problem: 'it changed while it was copied' });
    },
  };
}

async function baseOf(base: string | null, named: string, { compute, nameOf }: ImportParts): Promise<VersionSource> {
  // What an adapter calls its base may be a path of another machine.
  if (base === null) return { name: named === '' ? 'unknown' : nameOf(named), path: null, sha256: null };
  const { kind, facts } = await inspect(base, compute);
  if (kind !== 'model') throw new AppError('REGISTRY_SOURCE', { what: base, problem: `it is a ${kind}, not a base model` });
  return { name: nameOf(base), path: base, sha256: typeof facts['sha256'] === 'string' ? facts['sha256'] : null };
}

async function inspect(path: string, compute: ComputeJobs): Promise<InspectResult> {
  const { max_seq_length: maxSeqLength, train_on: trainOn } = trainingDefaults;
  const rows = { columns: {}, chatTemplate: null, maxSeqLength, trainOn };
  const running = await compute.start<'inspect'>({
    job: { kind: 'inspect', path, show: 0, model: null, rows },
    correlation: 'registry-import',
    again: 'lathe registry import',
    onEvent: () => undefined,
  });
  return running.result;
}

/** A GGUF adapter is one file, a PEFT folder its adapter_* files; whatever else lies there is left. */
function contentsOf(path: string): readonly Content[] {
  if (statSync(path).isFile()) return [{ name: versionFiles.gguf, from: path }];
  const names = readdirSync(path).filter((name) => name.startsWith('adapter_'));
  return names.map((name) => ({ name: `${versionFiles.adapter}/${name}`, from: join(path, name) }));
}

/** As the reader counts it: a file's own, or over the lines "sha256  name" of several, by name. */
function hashOf(artifacts: readonly Artifact[]): string {
  const gguf = artifacts.find(({ path }) => path === versionFiles.gguf);
  if (gguf !== undefined) return gguf.sha256;
  const files = artifacts.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${basename(path)}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
