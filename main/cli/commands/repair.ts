/** `lathe repair`: makes a database that works again, from what of it can be read and from the folders it is an index over. */
import { Command } from 'commander';
import { formatCount } from '../../../shared/text/format.ts';
import { thisUser } from '../../core/this-user.ts';
import { withOwnHome } from '../../core/offline.ts';
import { repairHome, type RepairResult } from '../../services/repair/repair-home.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';

export const repairCommand = (host: HostSource): Command =>
  new Command('repair').description('make the database anew where it is damaged, and read the folders of LATHE_HOME in again').action(() => repair(host()));

async function repair({ paths, logFile, reporter }: Host): Promise<void> {
  const result = await withOwnHome(paths.home, () => repairHome({ paths, log: logFile.log, actor: thisUser().actor, now: new Date() }));
  reporter.done({ ...result }, repairLines(result));
}

function repairLines({ database, problem, kept, salvaged, refused, runs, versions, shelf, benchmarks, audit }: RepairResult): readonly string[] {
  const rows = Object.values(salvaged?.rows ?? {}).reduce((sum, count) => sum + count, 0);
  const torn = salvaged?.torn ?? [];
  return [
    problem === null ? `The database was ${database}.` : `The database was damaged: ${problem}.`,
    ...(kept === null
      ? []
      : [`It is kept as ${kept}; ${formatCount(rows)} rows of it could be read${torn.length === 0 ? '' : `, not all of ${torn.join(', ')}`}.`]),
    ...(refused.file === null
      ? []
      : [
          `Rows of ${refused.runs.length + refused.benchmarks.length} runs and ${refused.settings.length} settings could not be understood; they are kept in ${refused.file}.`,
        ]),
    `Runs: ${formatCount(runs.all)}, of which ${formatCount(runs.added.length)} only their folders knew of.`,
    `Versions and shelf entries that only their folders knew of: ${formatCount(versions.added.length + shelf.added.length)}.`,
    ...(benchmarks.added.length === 0 ? [] : [`Benchmark runs that only their folders knew of: ${formatCount(benchmarks.added.length)}.`]),
    ...benchmarks.unsound.map((folder) => `${folder} holds no sound benchmark run.`),
    ...runs.unsound.map((folder) => `${folder} holds no sound run.`),
    ...shelf.unsound.map((folder) => `${folder} holds no sound entry of a shelf.`),
    ...versions.unsound.map((folder) => `${folder} holds no sound version.`),
    audit.broken === null
      ? `The audit log is whole: ${formatCount(audit.rows)} rows.`
      : `The audit log breaks at row ${audit.broken.seq}: ${audit.broken.problem}.`,
  ];
}
