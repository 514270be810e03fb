/** Calls about the store as a whole. */
import { z } from 'zod';
import { call } from './call.ts';

const count = z.int().min(0);

export const BackupResult = z.object({
  /** The file that says what the backup holds. */
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
    does: 'copy the database and every file of LATHE_HOME that is not in the backup folder yet',
    role: 'admin',
    /** `to` is an absolute path. */
    input: z.strictObject({ to: z.string().min(1), checkpoints: z.boolean().default(false) }),
    output: BackupResult,
  }),
} as const;
