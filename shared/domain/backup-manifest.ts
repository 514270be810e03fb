/** What one backup holds: every file of a LATHE_HOME by its hash. The file that says so is written last, so a backup that was cut off has none. */
import { z } from 'zod';

/** What of a LATHE_HOME is kept. Logs, cache and what belongs to a living host are not. */
export const keptFolders = ['runs', 'registry', 'models', 'datasets', 'benchmarks'] as const;
export const keptFiles = ['audit.head', 'secrets.json'] as const;

const isInside = (path: string): boolean => {
  const [first = '', ...rest] = path.split('/');
  const isKnown = rest.length === 0 ? keptFiles.some((name) => name === first) : keptFolders.some((name) => name === first);
  return isKnown && rest.every((part) => part !== '' && part !== '.' && part !== '..') && !/[\\\0]/.test(path);
};

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const PathInHome = z.string().refine(isInside, { error: 'is no file that a backup holds' });

export const BackupFile = z.strictObject({ path: PathInHome, sha256: Sha256, bytes: z.int().min(0) });
export type BackupFile = z.infer<typeof BackupFile>;

export const BackupManifest = z.strictObject({
  format: z.literal(1),
  made: z.iso.datetime(),
  /** Version of Lathe that made it. */
  version: z.string(),
  /** Schema of the database. */
  schema: z.int().min(1),
  database: BackupFile.omit({ path: true }),
  files: z.array(BackupFile),
  /** Symbolic links and what they point to. */
  links: z.array(z.strictObject({ path: PathInHome, target: z.string().min(1) })),
  /** SHA-256 of all of the above as JSON. */
  seal: Sha256,
});
export type BackupManifest = z.infer<typeof BackupManifest>;
