/** Calls about the store as a whole. */
import { z } from 'zod';
import { call } from './call.ts';

const count = z.int().min(0);

export const BackupResult = z.object({
  /** What to restore it by: the file that says what the backup holds, or the backup of one file. */
  manifest: z.string(),
  files: count,
  bytes: count,
  /** What an earlier backup in the same folder did not hold yet. */
  new_files: count,
  new_bytes: count,
  /** Runs whose folder lies outside LATHE_HOME: known to the backup, but not in it. */
  outside: z.array(z.string()),
});
export type BackupResult = z.infer<typeof BackupResult>;

export const storeCalls = {
  'store.backup': call({
    does: 'copy the database and every file of LATHE_HOME into a folder, where it is not there yet, or into one file',
    role: 'admin',
    /** `to` is an absolute path: of a folder, or of a new file that ends in .tar. */
    input: z.strictObject({ to: z.string().min(1), checkpoints: z.boolean().default(false) }),
    output: BackupResult,
  }),
} as const;
