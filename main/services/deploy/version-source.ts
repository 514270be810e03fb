/** A version of the registry as a deployment needs it: its adapter, its base model here, and what a server must have. */
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { versionFiles } from '../../../shared/domain/version-record.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { hashFile } from '../../platform/atomic-files.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { RolloutPlan } from '../../store/rollout-plan.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import type { AdapterGguf } from '../adapter-gguf.ts';
import { requireUnchanged } from '../registry/artifacts.ts';
import type { Shelves } from '../shelves.ts';
import type { Artifact } from './target-driver.ts';

export interface VersionSourceParts {
  readonly shelves: Shelves;
  readonly ggufs: AdapterGguf;
}

export type VersionPlan = Pick<RolloutPlan, 'label' | 'adapter' | 'base'>;

/** Its files are hashed first. Throws VERSION_EMPTY, ARTIFACT_CHANGED, DEPLOYMENT_REFUSED. */
export async function planOfVersion(
  { name, version, dir, record }: StoredVersion,
  { shelves, target }: { readonly shelves: Shelves; readonly target: string },
): Promise<VersionPlan> {
  const label = versionText({ name, version });
  if (record.kind === 'note') throw new AppError('VERSION_EMPTY', { name, version });
  if (record.kind === 'model')
    throw new AppError('DEPLOYMENT_REFUSED', {
      version: label,
      target,
      problem: 'it is a whole model, and servers are given adapters for a base model that they have',
    });
  await requireUnchanged(dir, record);
  const adapter = shelves.adapter(label);
  const { name: baseName, sha256 } = record.base_model;
  const path = baseHere(shelves, record.base_model.path ?? baseName) ?? baseHere(shelves, baseName);
  const isFile = path !== null && statSync(path).isFile();
  const named = record.base_model.path === null ? null : basename(record.base_model.path);
  return {
    label,
    adapter,
    base: {
      name: baseName,
      path,
      file: isFile ? basename(path) : named?.endsWith('.gguf') === true ? named : null,
      bytes: isFile ? statSync(path).size : null,
      sha256: isFile || named?.endsWith('.gguf') === true ? sha256 : null,
    },
  };
}

function baseHere(shelves: Shelves, reference: string): string | null {
  try {
    return shelves.model(reference);
  } catch (error) {
    if (isAppError(error, 'FILE_MISSING')) return null;
    throw error;
  }
}

/** Throws what the conversion throws, FILE_MISSING. */
export async function artifactOf({ deployment, served_as: servedAs, plan }: StoredDeployment, { ggufs }: Pick<VersionSourceParts, 'ggufs'>): Promise<Artifact> {
  const { adapter, base, label } = plan;
  if (adapter === null || !existsSync(adapter)) throw new AppError('FILE_MISSING', { what: 'Adapter', path: adapter ?? versionFiles.adapter });
  const isGguf = statSync(adapter).isFile();
  if (!isGguf && base.path === null) throw new AppError('FILE_MISSING', { what: 'Model', path: base.name });
  const path = isGguf ? adapter : await ggufs.of(adapter, base.path ?? '');
  const { sha256, bytes } = await hashFile(path);
  return { servedAs, label, path, bytes, sha256, base, correlation: deployment };
}
