/** Puts everything of a restore in its place, by renames alone. Each may be the last before a kill: done again it goes on where it was. */
import { existsSync, lstatSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Actor } from '../../../shared/domain/actor.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { renameDurably } from '../../platform/atomic-files.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Paths } from '../../platform/paths.ts';
import { moveDatabase } from '../../store/examine-database.ts';
import { indexRestored } from './index-restored.ts';
import { clearStaging, readJournal, stagingIn, type RestoreJournal } from './restore-journal.ts';
import type { RestoredHome, RestoreResult } from './restore-result.ts';

export interface OwnHome {
  readonly paths: Paths;
  readonly log: Logger;
  readonly actor: Actor;
}

/**
 * A restore that was cut off, brought to its end; null where there is none. What was cut off before it counted is cleared away. The caller owns the
 * home, and has not opened its database. Throws RESTORE_UNFINISHED.
 */
export function finishRestore({ paths, log, actor }: OwnHome): RestoredHome | null {
  const { home } = paths;
  if (!existsSync(stagingIn(home))) return null;
  const journal = readJournal(home);
  if (journal === null) {
    clearStaging(home);
    return null;
  }
  try {
    const restored = bringAll(home, journal);
    const result = indexRestored(restored, { paths, log, actor, now: new Date(journal.began) });
    clearStaging(home);
    return result;
  } catch (error) {
    throw fileFailure(error, { what: 'LATHE_HOME', path: home, action: 'write' });
  }
}

function bringAll(home: string, journal: RestoreJournal): RestoreResult {
  const { due, links, manifest, made, files, bytes, began, kept } = journal;
  const replaced = join(home, `replaced-${began.replaceAll(/[-:]|\.\d+/g, '')}`);
  for (const name of due) bring({ home, name, replaced, backup: manifest });
  for (const link of links) bringLink(link, { home, replaced });
  bringDatabase(home, { kept, backup: manifest });
  return {
    ...{ manifest, made, files, bytes, unchanged: files - due.length },
    old_database: existsSync(kept) ? kept : null,
    replaced: existsSync(replaced) ? replaced : null,
  };
}

interface Place {
  readonly home: string;
  readonly replaced: string;
}

/** What does not lie ready any more has been brought. */
function bring({ home, name, replaced, backup }: Place & { readonly name: string; readonly backup: string }): void {
  const [from, to] = [join(stagingIn(home), name), join(home, name)];
  if (existsSync(from)) {
    keepAside(name, { home, replaced });
    renameDurably(from, to);
  } else if (!existsSync(to)) throw new AppError('RESTORE_UNFINISHED', { home, problem: `${name} is missing`, backup });
}

function bringDatabase(home: string, { kept, backup }: { readonly kept: string; readonly backup: string }): void {
  const [from, to] = [join(stagingIn(home), 'lathe.db'), join(home, 'lathe.db')];
  if (existsSync(from)) {
    moveDatabase(to, kept);
    renameDurably(from, to);
  } else if (!existsSync(to)) throw new AppError('RESTORE_UNFINISHED', { home, problem: 'the database is missing', backup });
}

function bringLink({ path, target }: RestoreJournal['links'][number], place: Place): void {
  if (lstatSync(join(place.home, path), { throwIfNoEntry: false })?.isSymbolicLink() === true) return;
  keepAside(path, place);
  mkdirSync(dirname(join(place.home, path)), { recursive: true });
  symlinkSync(target, join(place.home, path));
}

function keepAside(name: string, { home, replaced }: Place): void {
  if (lstatSync(join(home, name), { throwIfNoEntry: false }) === undefined) return;
  mkdirSync(dirname(join(replaced, name)), { recursive: true });
  renameSync(join(home, name), join(replaced, name));
}
