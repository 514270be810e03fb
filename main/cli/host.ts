/** Everything a command works with, built once and by constructor arguments. The command line hosts the services in its own process. */
import { AppError } from '../../shared/errors/app-error.ts';
import { openLogFile, type LogFile } from '../platform/logger.ts';
import { findPaths, type Paths } from '../platform/paths.ts';
import { powerSupplies, type PowerReader } from '../platform/power.ts';
import { addonFile, projectFiles } from '../platform/project-files.ts';
import { RunFolders } from '../services/run-folders.ts';
import { Shelves } from '../services/shelves.ts';
import { nodeForkTransport } from '../workers/node-fork-transport.ts';
import { cachedProbe } from '../workers/probe-cache.ts';
import { probeEngine, readIsaCap, type ProbeReport } from '../workers/probe-engine.ts';
import { Supervisor } from '../workers/supervisor.ts';
import { createReporter } from './output/create-reporter.ts';
import type { Reporter } from './output/reporter.ts';
import { systemTerminal, type Terminal } from './output/terminal.ts';

export interface Host {
  readonly paths: Paths;
  readonly terminal: Terminal;
  readonly reporter: Reporter;
  readonly logFile: LogFile;
  readonly supervisor: Supervisor;
  readonly runs: RunFolders;
  readonly shelves: Shelves;
  readonly power: PowerReader;
  /** The engine as it runs on this machine. Throws ADDON_MISSING, ADDON_UNUSABLE, ISA_UNKNOWN. */
  engine(): Promise<ProbeReport>;
}

export function createHost({ json }: { json: boolean }): Host {
  const paths = findPaths();
  const terminal = systemTerminal(json);
  const logFile = openLogFile(paths.logs);
  const transport = nodeForkTransport();
  const log = logFile.log.child('lathe');
  if (logFile.problem !== null) terminal.err(`lathe: No log is written (${logFile.problem}).`);
  return {
    paths,
    terminal,
    reporter: createReporter(terminal),
    logFile,
    supervisor: new Supervisor({ transport, entry: projectFiles.computeEntry, log, logPath: logFile.path, cache: paths.cache }),
    runs: new RunFolders(paths.runs),
    shelves: new Shelves(paths, process.cwd()),
    power: powerSupplies(),
    engine: async () => {
      const cap = readIsaCap();
      const report = await cachedProbe(paths.cache, { addon: addonFile(), cap }, () => probeEngine({ transport, entry: projectFiles.probeEntry }, cap));
      log.info('engine probed', { isa: report.answer.isa, cap: cap ?? null, fallen: report.fallen.map(({ isa }) => isa).join(' ') });
      return report;
    },
  };
}

/** For flags that a later version brings. */
export const notYet = (where: string, key: string): AppError => new AppError('CONFIG_NOT_YET', { where, key });
