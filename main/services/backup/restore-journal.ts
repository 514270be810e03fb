/** What a restore is about to put where: written when all of it lies ready beside, so that whoever comes after a kill can bring it to its end. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupManifest, PathInHome } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { writeFileAtomically } from '../../platform/atomic-files.ts';

const RestoreJournal = z.strictObject({
  /** The backup it comes from, and when that was made. */
  manifest: z.string(),
  made: z.iso.datetime(),
  /** Files that lie ready; the database does besides. */
  due: z.array(PathInHome),
  links: BackupManifest.shape.links,
  files: z.int().min(0),
  bytes: z.int().min(0),
  /** Where the database that is there comes to lie. */
  kept: z.string(),
  /** When it began: part of the names under which what is replaced is kept. */
  began: z.iso.datetime(),
});
export type RestoreJournal = z.infer<typeof RestoreJournal>;

/** What comes in lies here until it is in its place. */
export const stagingIn = (home: string): string => join(home, '.restoring');
const pathIn = (home: string): string => join(stagingIn(home), 'journal.json');

/** From here on the restore counts: it is brought to its end, and never back. */
export const writeJournal = (home: string, journal: RestoreJournal): void => writeFileAtomically(pathIn(home), JSON.stringify(journal));

/** null: nothing counts of what may lie there. Throws RESTORE_UNFINISHED. */
export function readJournal(home: string): RestoreJournal | null {
  if (!existsSync(pathIn(home))) return null;
  try {
    return RestoreJournal.parse(JSON.parse(readFileSync(pathIn(home), 'utf8')));
  } catch (cause) {
    throw new AppError('RESTORE_UNFINISHED', { home, problem: 'its journal cannot be read', backup: 'BACKUP' }, { cause });
  }
}

export const clearStaging = (home: string): void => rmSync(stagingIn(home), { recursive: true, force: true });
