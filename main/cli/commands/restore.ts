/** `lathe restore`: brings a backup back into a LATHE_HOME that is empty or damaged. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { thisUser } from '../../core/this-user.ts';
import { withOwnHome } from '../../core/offline.ts';
import { restoreHome } from '../../services/backup/restore-home.ts';
import type { RestoredHome } from '../../services/backup/restore-result.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';

interface RestoreOptions {
  readonly force?: boolean;
}

export const restoreCommand = (host: HostSource): Command =>
  new Command('restore')
    .description('bring a backup back into a LATHE_HOME that is empty or damaged')
    .argument('<backup>', 'a backup folder (its newest), one of the backup-….json in it, or a .tar')
    .option('--force', 'although the database is sound; what is replaced is kept aside')
    .action((backup: string, options: RestoreOptions) => restore(host(), backup, options));

async function restore(host: Host, backup: string, { force = false }: RestoreOptions): Promise<void> {
  const { paths, logFile, reporter } = host;
  const request = { paths, log: logFile.log, actor: thisUser().actor, backup: resolve(backup), force, now: new Date() };
  const result = await withOwnHome(paths.home, () => restoreHome(request));
  reporter.done({ ...result }, restoreLines(result));
}

const restoreLines = ({ made, files, bytes, unchanged, old_database, replaced, added }: RestoredHome): readonly string[] => [
  `Everything is as it was at ${made}: ${formatCount(files)} files, ${formatBytes(bytes)}; ${formatCount(unchanged)} of them were there already.`,
  ...(old_database === null ? [] : [`The database before lies in ${old_database}.`]),
  ...(replaced === null ? [] : [`Files that others took the place of lie in ${replaced}.`]),
  ...(added.length === 0 ? [] : [`Newer than the backup, and kept: ${added.join(', ')}.`]),
];
