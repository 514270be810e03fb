/** The way to the core of a LATHE_HOME: the host that owns it, or else a new one in this process. */
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { contractVersion } from '../../shared/contracts/calls.ts';
import type { HostStatus } from '../../shared/contracts/host-calls.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { isSameProcess } from '../platform/process-identity.ts';
import type { ComputeParts } from '../services/compute-jobs.ts';
import { attachedDoor } from './attached-door.ts';
import { composeCore, type Core } from './core.ts';
import { ownDoor, type Door } from './door.ts';
import { takeHome } from './home-lock.ts';
import { thisUser } from './this-user.ts';
import { readHostFile, removeHostFile, writeHostFile } from './host-file.ts';
import type { EventLog } from '../rest/event-log.ts';
import type { FileLock } from '../store/lock-file.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface OpenParts {
  readonly paths: Paths;
  readonly log: Logger;
  readonly logPath: () => string;
  readonly compute: ComputeParts;
  readonly kind: HostStatus['kind'];
  /** Whether others are let in while it lasts. */
  readonly listens: boolean;
}

/** How long a command waits for another that holds the home for a moment and lets nobody in. */
const patienceMs = 10_000;

export interface OwnCore {
  readonly core: Core;
  readonly door: Door;
  /** What happens, numbered; null where nobody may listen. */
  readonly events: EventLog | null;
}

/** Throws HOME_BUSY, HOST_OTHER_VERSION, and what opening the store throws. */
export async function openDoor(parts: OpenParts): Promise<Door> {
  const { home } = parts.paths;
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const lock = takeHome(home);
    if (lock !== null) return (await host(parts, lock)).door;
    const door = await attach(home);
    if (door !== null) return door;
    if (performance.now() > deadline) {
      const owner = readHostFile(home);
      throw new AppError('HOME_BUSY', { home, pid: owner?.pid ?? 'unknown', what: owner?.kind ?? 'unknown' });
    }
    await pause(50);
  }
}

/** As the one host of this home. Throws HOME_BUSY where another process is that. */
export async function becomeHost(parts: OpenParts): Promise<OwnCore> {
  const { home } = parts.paths;
  const lock = takeHome(home);
  if (lock !== null) return host(parts, lock);
  const owner = readHostFile(home);
  throw new AppError('HOME_BUSY', { home, pid: owner?.pid ?? 'unknown', what: owner?.kind ?? 'unknown' });
}

/** To a host that lasts longer than this command: the one that is there, or one that `start` starts. */
export async function openLastingDoor(parts: OpenParts, start: () => void): Promise<Door> {
  const { home } = parts.paths;
  const deadline = performance.now() + patienceMs;
  let isStarted = false;
  for (;;) {
    const door = await attach(home);
    if (door !== null) return door;
    if (!isStarted) start();
    isStarted = true;
    if (performance.now() > deadline) throw new AppError('HOST_GONE', { home, problem: 'no host came up in the background; the log says why' });
    await pause(50);
  }
}

/** null where its owner lets nobody in (yet, or any more). */
async function attach(home: string): Promise<Door | null> {
  const owner = readHostFile(home);
  if (owner === null || owner.socket === null || !isSameProcess({ pid: owner.pid })) return null;
  if (owner.contract !== contractVersion) throw new AppError('HOST_OTHER_VERSION', { home, theirs: owner.version, pid: owner.pid, ours: packageJson.version });
  const door = attachedDoor({ home, socket: owner.socket, secret: owner.secret });
  try {
    await door.call('host.status', {});
    return door;
  } catch {
    return null;
  }
}

/** Becomes the host: the core in this process, and the local door for others. The caller holds the lock. */
async function host(parts: OpenParts, lock: FileLock): Promise<OwnCore> {
  const { paths, log, kind, listens } = parts;
  let core: Core;
  try {
    core = composeCore({ ...parts, self: thisUser().actor });
  } catch (error) {
    lock.release();
    throw error;
  }
  const local = listens ? await openLocalDoor(parts, core) : null;
  log.info('host began', { kind, home: paths.home });
  const close = async (): Promise<void> => {
    // A command whose own work is done stays for those who are still attached, and for what they queued.
    while (kind === 'command' && (core.attached() > 0 || core.scheduler.activeCount > 0) && !core.isToldToEnd()) await pause(100);
    await core.close();
    await local?.close();
    lock.release();
    log.info('host ended', { kind });
  };
  return { core, events: local?.events ?? null, door: ownDoor(core, thisUser(), close) };
}

/** Lets other commands of this user in. Returns what shuts the door again. */
async function openLocalDoor({ paths, logPath, kind }: OpenParts, core: Core): Promise<{ readonly events: EventLog; readonly close: () => Promise<void> }> {
  // Read only where somebody may come: a question to the store needs no server.
  const [{ localServer }, { EventLog }] = await Promise.all([import('../rest/local-server.ts'), import('../rest/event-log.ts')]);
  const dispatch = (name: string, input: unknown): Promise<unknown> => core.dispatcher.dispatch(name, input, thisUser());
  const secret = randomBytes(32).toString('base64url');
  const socket = socketPath(paths.home);
  const events = new EventLog(core.hub);
  const { server, attached } = localServer({ dispatch, events, secret, logPath });
  core.attached = attached;
  if (process.platform !== 'win32') rmSync(socket, { force: true });
  const mask = process.umask(0o077);
  await server.listen({ path: socket }).finally(() => process.umask(mask));
  const { pid } = process;
  writeHostFile(paths.home, { pid, kind, version: packageJson.version, contract: contractVersion, started: core.started, socket, secret });
  const close = async (): Promise<void> => {
    removeHostFile(paths.home);
    await server.close();
  };
  return { events, close };
}

/** Short, since a socket's path may have some hundred bytes only; its folder's owner and the secret keep others out. */
function socketPath(home: string): string {
  const name = `lathe-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}
