/** `lathe backup`: the database and the files of LATHE_HOME into a folder (a second time only what is new), or into one tar file. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import type { BackupResult } from '../../../shared/contracts/store-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';

interface BackupOptions {
  readonly checkpoints?: boolean;
}

export const backupCommand = (host: HostSource): Command =>
  new Command('backup')
    .description('copy the database, runs, versions and shelves into a folder (a second time only what is new) or into one .tar file')
    .argument('<to>', 'an empty folder, one that holds backups already, or a new file that ends in .tar')
    .option('--checkpoints', 'also those of runs: large, and needed only to go on with one')
    .action((to: string, options: BackupOptions) => backup(host(), to, options));

/** Others are let in meanwhile: it may take long. */
async function backup(host: Host, to: string, { checkpoints = false }: BackupOptions): Promise<void> {
  const result = await askCore(host, (door) => door.call('store.backup', { to: resolve(to), checkpoints }), 'training');
  host.reporter.done(result, backupLines(result));
}

const backupLines = ({ manifest, files, bytes, new_files, new_bytes, outside }: BackupResult): readonly string[] => [
  `${formatCount(files)} files, ${formatBytes(bytes)}; ${formatCount(new_files)} of them new, ${formatBytes(new_bytes)}.`,
  ...(outside.length === 0
    ? []
    : [`Not in it, since they lie outside LATHE_HOME: the folders of ${outside.length} runs (${outside.slice(0, 3).join(', ')} …).`]),
  `Bring it back with: lathe restore ${manifest}`,
];
