/** The core as a process of its own beside a window's shell. It knows nothing of windows: pages, quitting and what only the shell can do come over the link. */
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import type { ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import { openLogFile } from '../platform/logger.ts';
import { findPaths } from '../platform/paths.ts';
import { powerSupplies, type PowerReader, type PowerSource } from '../platform/power.ts';
import { keyVariable, SecretKeys } from '../platform/secret-keys.ts';
import { addonFile } from '../platform/project-files.ts';
import { noAwake } from '../workers/keep-awake.ts';
import { nodeForkTransport } from '../workers/node-fork-transport.ts';
import { ShellTransport } from '../workers/shell-transport.ts';
import { computeParts } from './compute-parts.ts';
import { PageHost } from './page-host.ts';
import { ShellKeeper } from './shell-keeper.ts';
import { isInUtilityProcess, shellLink, type HandedPort } from './shell-link.ts';

const paths = findPaths();
const logFile = openLogFile(paths.logs);
const log = logFile.log.child('core');
// A bundle does not lie where the engine is looked for by itself.
process.env['LATHE_ADDON'] = addonFile();

const link = shellLink(() => {
  log.warn('the shell has gone; this process ends');
  process.exit(1);
});
const shellTransport = new ShellTransport((message) => link.send(message), { LATHE_ADDON: addonFile() });
const keeper = new ShellKeeper((message) => link.send(message));
/** LATHE_COMPUTE=shell: also where this process could start others itself. */
const asksShell = isInUtilityProcess() || process.env['LATHE_COMPUTE'] === 'shell';
const told: { source: PowerSource | null } = { source: null };

const host = new PageHost({
  log,
  opening: {
    paths,
    log: logFile.log,
    logPath: logFile.path,
    kind: 'window',
    secretKeys: new SecretKeys({ keeper, log: log.child('secrets'), passphrase: readPassphrase }),
    listens: true,
    compute: {
      ...computeParts({ paths, logFile, transport: asksShell ? shellTransport : nodeForkTransport() }),
      power: toldPower(powerSupplies()),
      // The shell sees to it.
      awake: noAwake,
    },
  },
  onReady: ({ own }) => {
    if (own !== null) own.core.onEnd = () => link.send({ kind: 'end-asked' });
    link.send({ kind: 'ready', isOwn: own !== null });
  },
  onFailed: (thrown) => void fail(thrown),
});

/** Nobody sits at this process. */
function readPassphrase(): Promise<string> {
  const given = process.env[keyVariable] ?? '';
  return given === '' ? Promise.reject(new AppError('SECRET_KEY_MISSING', {})) : Promise.resolve(given);
}

/** The system's word, and the shell's where the system has none for us. */
function toldPower(system: PowerReader): PowerReader {
  return {
    get isKnown() {
      return system.isKnown || told.source !== null;
    },
    read: () => (system.isKnown ? system.read() : (told.source ?? 'mains')),
  };
}

async function fail(thrown: unknown): Promise<void> {
  const error = toAppError(thrown, logFile.path());
  log.error('the core cannot work here', { code: error.code, problem: error.message });
  link.send({ kind: 'failed', error: toWireError(error) });
  // It is on its way before this process is gone.
  await pause(200);
  process.exit(1);
}

async function quit(): Promise<void> {
  try {
    await host.close();
    process.exit(0);
  } catch (error) {
    await fail(error);
  }
}

function addPage(page: number, port: HandedPort | undefined): void {
  if (port === undefined) return host.addPage(page, (message) => link.send({ kind: 'page-hears', page, message }));
  port.on('message', ({ data }) => host.hear(page, data));
  port.on('close', () => host.removePage(page));
  host.addPage(page, (message) => port.postMessage(message));
  port.start();
}

function hear(message: ToCoreProcess, port: HandedPort | undefined): void {
  switch (message.kind) {
    case 'page':
      return addPage(message.page, port);
    case 'page-says':
      return host.hear(message.page, message.message);
    case 'page-gone':
      return host.removePage(message.page);
    case 'power':
      told.source = message.source;
      return;
    case 'key-answer':
      return keeper.hear(message);
    case 'quit':
      return void quit();
    default:
      return shellTransport.hear(message);
  }
}

process.on('SIGTERM', () => void quit());
// A terminal sends them to everybody; the shell decides.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
link.listen(hear);
await host.begin();
