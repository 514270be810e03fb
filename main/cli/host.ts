/** Everything a command works with, built once and by constructor arguments. The command line hosts the services in its own process. */
import { computeParts } from '../core/compute-parts.ts';
import type { Door } from '../core/door.ts';
import type { HostFile } from '../core/host-file.ts';
import { becomeHost, openDoor, openLastingDoor, type OpenParts, type OwnCore } from '../core/open-core.ts';
import { openPublicDoor, type PublicDoor, type PublicDoorOptions } from '../core/public-door.ts';
import { openLogFile, type LogFile } from '../platform/logger.ts';
import { findPaths, type Paths } from '../platform/paths.ts';
import { SecretKeys } from '../platform/secret-keys.ts';
import { systemKeyring } from '../platform/system-keyring.ts';
import { powerSupplies, type PowerReader } from '../platform/power.ts';
import { projectFiles } from '../platform/project-files.ts';
import { RunFolders } from '../services/run-folders.ts';
import { Shelves } from '../services/shelves.ts';
import { keepAwake } from '../workers/keep-awake.ts';
import { nodeForkTransport } from '../workers/node-fork-transport.ts';
import { startDetached } from '../workers/start-detached.ts';
import type { ProbeReport } from '../workers/probe-engine.ts';
import type { Supervisor } from '../workers/supervisor.ts';
import { onInterrupt } from './on-interrupt.ts';
import { readPassphrase } from './read-secret.ts';
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
  readonly secretKeys: SecretKeys;
  /** The core of this LATHE_HOME: that of the host that owns it, or one in this process, which for longer work lets others in. Throws HOME_BUSY, STORE_*. */
  openDoor(work: 'question' | 'training'): Promise<Door>;
  /** To a host in the background, which is started if there is none. */
  openLastingDoor(): Promise<Door>;
  /** This process becomes the host; `onWait` hears of one that has to end first. Throws HOME_HOSTED, HOME_BUSY. */
  becomeHost(kind: 'serve' | 'detached', onWait: (owner: HostFile) => void): Promise<OwnCore>;
  /** HTTP for others. Throws LISTEN_FAILED. */
  openPublicDoor(own: OwnCore, options: PublicDoorOptions): Promise<PublicDoor>;
  /** The engine as it runs on this machine. Throws ADDON_MISSING, ADDON_UNUSABLE, ISA_UNKNOWN. */
  engine(): Promise<ProbeReport>;
}

export function createHost({ json }: { json: boolean }): Host {
  const paths = findPaths();
  const terminal = systemTerminal(json);
  const logFile = openLogFile(paths.logs);
  const log = logFile.log.child('lathe');
  if (logFile.problem !== null) terminal.err(`lathe: No log is written (${logFile.problem}).`);
  const { supervisor, engine } = computeParts({ paths, logFile, transport: nodeForkTransport() });
  const power = powerSupplies();
  const secretKeys = new SecretKeys({ keeper: systemKeyring(), passphrase: (isNew) => readPassphrase(terminal, isNew), log: log.child('secrets') });
  const opening = (kind: OpenParts['kind']): OpenParts => ({
    paths,
    log: logFile.log,
    logPath: logFile.path,
    compute: { supervisor, engine, power, awake: keepAwake({ log: log.child('awake') }) },
    kind,
    listens: true,
    secretKeys,
    onStay: () => staying(terminal),
  });
  return {
    paths,
    terminal,
    reporter: createReporter(terminal),
    logFile,
    supervisor,
    runs: new RunFolders(paths.runs),
    shelves: new Shelves(paths, process.cwd()),
    power,
    secretKeys,
    engine,
    openDoor: (work) => openDoor({ ...opening('command'), listens: work === 'training' }),
    openLastingDoor: () => openLastingDoor(opening('command'), () => startDetached(projectFiles.commandLine, ['serve', '--until-idle'], { cwd: paths.home })),
    becomeHost: (kind, onWait) => becomeHost(opening(kind), onWait),
    openPublicDoor: ({ core, events }, options) => {
      if (events === null) throw new Error('a host that lets nobody in has no public door');
      return openPublicDoor({ core, events, log: logFile.log, logPath: logFile.path }, options);
    },
  };
}

/** Says why a command does not end; Ctrl-C makes it end at the next checkpoint of what still runs. */
function staying(terminal: Terminal): AbortSignal {
  terminal.err('Done here; this process stays for the runs that others left to it. Ctrl-C stops those at their next checkpoint.');
  const end = new AbortController();
  onInterrupt(() => end.abort());
  return end.signal;
}
