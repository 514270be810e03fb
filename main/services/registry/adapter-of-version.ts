/** Finds a version's adapter by its folder alone, for commands that run their job without the core; its files are hashed before they are used. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rcompare } from 'semver';
import { latest, ModelName, parseVersionText, SemanticVersion } from '../../../shared/domain/version.ts';
import { versionFiles } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { requireHere } from './artifacts.ts';
import { readTagsFile, readVersionFile } from './version-folder.ts';

/** null where the text names no version: there is no `@`, or no such name. Throws VERSION_UNKNOWN, VERSION_EMPTY, ARTIFACT_ELSEWHERE, ARTIFACT_CHANGED. */
export function adapterOfVersion(registry: string, text: string): string | null {
  const { name, version } = parseVersionText(text);
  if (!text.includes('@') || !ModelName.safeParse(name).success || !existsSync(join(registry, name))) return null;
  const number = numberOf(join(registry, name), version);
  const dir = join(registry, name, number ?? '');
  if (number === null || !existsSync(join(dir, versionFiles.record))) throw new AppError('VERSION_UNKNOWN', { name, version });
  const { artifacts } = readVersionFile(dir);
  const place = [versionFiles.adapter, versionFiles.gguf].find((each) => artifacts.some(({ path }) => path === each || path.startsWith(`${each}/`)));
  if (place === undefined) throw new AppError('VERSION_EMPTY', { name, version: number });
  requireHere(dir, { name, version: number });
  for (const { path, sha256 } of artifacts.filter(({ path: each }) => each === place || each.startsWith(`${place}/`))) {
    const problem = problemOf(join(dir, path), sha256);
    if (problem !== null) throw new AppError('ARTIFACT_CHANGED', { name, version: number, path, problem });
  }
  return join(dir, place);
}

function numberOf(folder: string, version: string): string | null {
  if (SemanticVersion.safeParse(version).success) return version;
  const { tags } = readTagsFile(folder);
  if (version !== latest) return Object.hasOwn(tags, version) ? (tags[version] ?? null) : null;
  const numbers = readdirSync(folder).filter((each) => SemanticVersion.safeParse(each).success);
  const sorted = numbers.sort(rcompare);
  return sorted.find((each) => !each.includes('-')) ?? sorted[0] ?? null;
}

/** At once: the command has nothing else to do, and nobody waits on its process. */
function problemOf(path: string, sha256: string): string | null {
  if (!existsSync(path)) return 'it is missing';
  return createHash('sha256').update(readFileSync(path)).digest('hex') === sha256 ? null : 'its SHA-256 is another';
}
