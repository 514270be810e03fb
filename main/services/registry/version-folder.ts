/** A version's folder and the tags beside it, as files: version.yaml and tags.yaml are read and written here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify, YAMLError } from 'yaml';
import type { z } from 'zod';
import { TagsFile, versionFiles, VersionFile } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { writeFileAtomically } from '../../platform/atomic-files.ts';
import { fileFailure } from '../../platform/file-failure.ts';

/** Throws VERSION_INVALID, FILE_MISSING, FILE_FORBIDDEN. */
export const readVersionFile = (dir: string): VersionFile => readYaml(join(dir, versionFiles.record), VersionFile);

/** `dir` is the folder of a name. None where there is none. */
export function readTagsFile(dir: string): TagsFile {
  const path = join(dir, versionFiles.tags);
  return existsSync(path) ? readYaml(path, TagsFile) : { tags: {}, history: [] };
}

export const versionYaml = (file: VersionFile): string => stringify(file, { lineWidth: 0 });

export const writeVersionFile = (dir: string, file: VersionFile): void => write(join(dir, versionFiles.record), versionYaml(file));
export const writeTagsFile = (dir: string, file: TagsFile): void => write(join(dir, versionFiles.tags), stringify(file, { lineWidth: 0 }));

function write(path: string, content: string): void {
  try {
    writeFileAtomically(path, content);
  } catch (error) {
    throw fileFailure(error, { what: 'Registry folder', path, action: 'write' });
  }
}

function readYaml<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  let raw: unknown;
  try {
    raw = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof YAMLError) throw new AppError('VERSION_INVALID', { path, problem: cause.message.split('\n')[0] ?? '' }, { cause });
    throw fileFailure(cause, { what: 'Version', path, action: 'read' });
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('VERSION_INVALID', { path, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
}
