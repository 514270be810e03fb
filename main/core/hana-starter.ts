/** How the process of the HANA drivers is started. */
import { join } from 'node:path';
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { projectFiles } from '../platform/project-files.ts';
import type { ComputeParts } from '../services/compute-jobs.ts';
import { HanaProcess } from '../workers/hana-process.ts';

export interface HanaStarterParts {
  readonly compute: ComputeParts;
  readonly logPath: () => string;
  readonly log: Logger;
}

/** What the drivers would write down by themselves may hold rows: their traces stay off, whatever this process was started with. */
const quietDrivers = {
  ...{ NODE_DEBUG: '', HDB_TRACE: '', HDB_SQLDBC_TRACEFILE: '', HDB_SQLDBC_TRACEOPTS: '' },
  HDB_NODEJS_SKIP_OPENTELEMETRY: '1',
};

export const hanaStarter =
  ({ compute, logPath, log }: HanaStarterParts): (() => HanaProcess) =>
  () =>
    new HanaProcess({
      start: (listener) => compute.supervisor.startOther(projectFiles.hanaEntry, listener, quietDrivers),
      logPath,
      // Not the line itself: nobody knows what a driver puts into it.
      onOutput: (line) => log.warn('the process of the HANA drivers wrote a line', { characters: line.length }),
    });

/** Where SAP's own driver may be installed: where LATHE_HANA_CLIENT says, in this LATHE_HOME, beside Lathe. */
export const driverFolders = (paths: Paths, environment: NodeJS.ProcessEnv = process.env): readonly string[] => {
  const named = environment['LATHE_HANA_CLIENT'];
  return [...(named === undefined || named === '' ? [] : [named]), join(paths.home, 'drivers'), join(projectFiles.packageJson, '..')];
};
