/** The way to the core of a LATHE_HOME: the host that owns it, or else a new one in this process. */
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { contractVersion } from '../../shared/contracts/calls.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { ownTicks } from '../platform/process-identity.ts';
import { attachedDoor, isAnswering } from './attached-door.ts';
import { composeCore, type Core, type CoreParts } from './core.ts';
import { ownDoor, type Door } from './door.ts';
import { takeHome } from './home-lock.ts';
import { thisUser } from './this-user.ts';
import { livingHost, readHostFile, removeHostFile, writeHostFile, type HostFile } from './host-file.ts';
import type { EventLog } from '../rest/event-log.ts';
import type { FileLock } from '../store/lock-file.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface OpenParts extends Omit<CoreParts, 'self' | 'now'> {
  /** Whether others are let in while it lasts. */
  readonly listens: boolean;
  /** Called when a command whose own work is done stays for others; an abort of the signal makes it end all the same. */
  readonly onStay?: () => AbortSignal;
}

/** How long a command waits for another that holds the home for a moment and lets nobody in. */
const patienceMs = 10_000;

export interface OwnCore {
  readonly core: Core;
  readonly door: Door;
  /** What happens, numbered; null where nobody may listen. */
  readonly events: EventLog | null;
}

export interface OpenedCore {
  readonly door: Door;
  /** null: another process's. */
  readonly own: OwnCore | null;
}

/** Throws HOME_BUSY, HOST_OTHER_VERSION, and what opening the store throws. */
export const openDoor = async (parts: OpenParts): Promise<Door> => (await openCore(parts)).door;

/** As `openDoor`, and tells whose core it is. */
export async function openCore(parts: OpenParts): Promise<OpenedCore> {
  const { home } = parts.paths;
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const lock = takeHome(home);
    if (lock !== null) {
      const own = await host(parts, lock);
      return { door: own.door, own };
    }
    const door = await attach(home, deadline - performance.now());
    if (door !== null) return { door, own: null };
    if (performance.now() > deadline) throw busy(home);
    await pause(50);
  }
}

const busy = (home: string): AppError<'HOME_BUSY'> => {
  const owner = livingHost(home);
  return new AppError('HOME_BUSY', { home, pid: owner?.pid ?? 'unknown', what: owner?.kind ?? 'another command' });
};

/**
 * As the one host of this home. `serve` waits for a host that will end by itself, and says so with `onWait`; it does not wait for another `serve` or a window.
 * Throws HOME_HOSTED, HOME_BUSY.
 */
export async function becomeHost(parts: OpenParts, onWait: (owner: HostFile) => void): Promise<OwnCore> {
  const { home } = parts.paths;
  const deadline = performance.now() + patienceMs;
  let hasSaid = false;
  for (;;) {
    const lock = takeHome(home);
    if (lock !== null) return host(parts, lock);
    const owner = livingHost(home);
    if (owner !== null && (isLasting(owner) || parts.kind !== 'serve')) throw new AppError('HOME_HOSTED', { home, pid: owner.pid, what: owner.kind });
    if (owner !== null && !hasSaid) onWait(owner);
    hasSaid ||= owner !== null;
    // Nobody who lets others in: a question, which holds it for a moment.
    if (!hasSaid && performance.now() > deadline) throw busy(home);
    await pause(100);
  }
}

const isLasting = ({ kind }: HostFile): boolean => kind === 'serve' || kind === 'window';

/** To a host that lasts longer than this command: the one that is there, or one that `start` starts. */
export async function openLastingDoor(parts: OpenParts, start: () => void): Promise<Door> {
  const { home } = parts.paths;
  const deadline = performance.now() + patienceMs;
  let isStarted = false;
  for (;;) {
    const door = await attach(home, deadline - performance.now());
    if (door !== null) return door;
    if (!isStarted) start();
    isStarted = true;
    if (performance.now() > deadline) throw new AppError('HOST_GONE', { home, problem: 'no host came up in the background; the log says why' });
    await pause(50);
  }
}

/** null where its owner lets nobody in (yet, or any more), or does not answer in time. */
async function attach(home: string, timeoutMs: number): Promise<Door | null> {
  const owner = livingHost(home);
  if (owner === null || owner.socket === null) return null;
  if (owner.contract !== contractVersion) throw new AppError('HOST_OTHER_VERSION', { home, theirs: owner.version, pid: owner.pid, ours: packageJson.version });
  const address = { home, socket: owner.socket, secret: owner.secret };
  return (await isAnswering(address, timeoutMs)) ? attachedDoor(address) : null;
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
  const local = listens ? await letOthersIn(parts, core) : null;
  log.info('host began', { kind, home: paths.home });
  const close = async (): Promise<void> => {
    if (kind === 'command') await stayForOthers(core, parts);
    await core.stopWork();
    await untilAnswered(core);
    await local?.close();
    core.close();
    lock.release();
    log.info('host ended', { kind });
  };
  return { core, events: local?.events ?? null, door: ownDoor(core, thisUser(), close) };
}

/** A command whose own work is done stays for those who are still attached, and for what they queued. */
async function stayForOthers(core: Core, { onStay }: OpenParts): Promise<void> {
  const isNeeded = (): boolean => (core.attached() > 0 || core.isBusy()) && !core.isToldToEnd();
  if (!isNeeded()) return;
  const signal = onStay?.();
  while (isNeeded() && signal?.aborted !== true) await pause(100);
}

/** Who heard that a run ended asks how; the answer is given before the door is shut. */
async function untilAnswered(core: Core): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (core.attached() > 0 && performance.now() < deadline) await pause(20);
}

/** A command trains also where nobody can be let in; a host that is there for others does not. */
async function letOthersIn(parts: OpenParts, core: Core): Promise<LocalDoor | null> {
  try {
    return await openLocalDoor(parts, core);
  } catch (error) {
    if (parts.kind !== 'command') throw error;
    parts.log.warn('nobody is let in', { problem: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

interface LocalDoor {
  readonly events: EventLog;
  readonly close: () => Promise<void>;
}

/** Lets other commands of this user in. Returns what shuts the door again. */
async function openLocalDoor({ paths, logPath, kind }: OpenParts, core: Core): Promise<LocalDoor> {
  // Read only where somebody may come: a question to the store needs no server.
  const [{ localServer }, { EventLog }] = await Promise.all([import('../rest/local-server.ts'), import('../rest/event-log.ts')]);
  const dispatch = (name: string, input: unknown): Promise<unknown> => core.dispatcher.dispatch(name, input, thisUser());
  const secret = randomBytes(32).toString('base64url');
  // Left by a host that was killed; its name is known from there alone.
  const stale = readHostFile(paths.home)?.socket ?? null;
  if (stale !== null && process.platform !== 'win32') rmSync(stale, { force: true });
  const socket = socketPath(paths.home);
  const events = new EventLog(core.hub);
  const { server, attached } = localServer({ dispatch, events, secret, logPath });
  core.attached = attached;
  const mask = process.umask(0o077);
  await server.listen({ path: socket }).finally(() => process.umask(mask));
  const { pid } = process;
  writeHostFile(paths.home, { pid, ticks: ownTicks(), kind, version: packageJson.version, contract: contractVersion, started: core.started, socket, secret });
  const close = async (): Promise<void> => {
    removeHostFile(paths.home);
    await server.close();
  };
  return { events, close };
}

/** In a folder for all, since a socket's path may have some hundred bytes only: with chance in its name, which host.json alone tells. */
function socketPath(home: string): string {
  const name = `lathe-${createHash('sha256').update(home).digest('hex').slice(0, 8)}-${randomBytes(8).toString('hex')}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}
