/** The manifest of a backup as text, with the seal that shows a change of it. */
import { createHash } from 'node:crypto';
import { BackupManifest } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

export const manifestText = (manifest: Omit<BackupManifest, 'seal'>): string => `${JSON.stringify({ ...manifest, seal: sealOf(manifest) }, null, 1)}\n`;

/** `path`: what the backup is called by. Throws BACKUP_DAMAGED. */
export function parseManifest(text: string, path: string): BackupManifest {
  const damaged = (problem: string, cause?: unknown): AppError => new AppError('BACKUP_DAMAGED', { path, problem }, { cause });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw damaged('it is no JSON', cause);
  }
  const parsed = BackupManifest.safeParse(raw);
  if (!parsed.success) throw damaged(`${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? ''}`);
  const { seal, ...content } = parsed.data;
  if (sealOf(content) !== seal) throw damaged('its seal does not fit what it says');
  return parsed.data;
}

const sealOf = ({ format, made, version, schema, database, files, links }: Omit<BackupManifest, 'seal'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        format,
        made,
        version,
        schema,
        [database.sha256, database.bytes],
        files.map(({ path, sha256, bytes }) => [path, sha256, bytes]),
        links.map(({ path, target }) => [path, target]),
      ]),
    )
    .digest('hex');
