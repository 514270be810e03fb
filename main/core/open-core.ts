/** The way to the core of a LATHE_HOME: the host that owns it, or else a new one in this process. */
import { setTimeout as pause } from 'node:timers/promises';
import { contractVersion } from '../../shared/contracts/calls.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { attachedDoor, isAnswering } from './attached-door.ts';
import { composeCore, type Core, type CoreParts } from './core.ts';
import { ownDoor, type Door } from './door.ts';
import { takeHome } from './home-lock.ts';
import { livingHost, type HostFile } from './host-file.ts';
import { letOthersIn } from './local-door.ts';
import { reopenedDoor } from './reopened-door.ts';
import { thisUser } from './this-user.ts';
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
/** How often a host looks whether somebody still needs it, and how long it does so without a word. */
const [stayMs, silentMs] = [50, 1_000];
/** How long a host that is told to end waits for those who listen, and for the answers that it owes. */
const [listenersMs, answersMs] = [2_000, 10_000];

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

/** Sought anew as long as nothing was begun. Throws HOME_BUSY, HOST_OTHER_VERSION, and what opening the store throws. */
export const openDoor = (parts: OpenParts): Promise<Door> => reopenedDoor(async () => (await openCore(parts)).door);

/** As it stands now, with whose core it is. Throws what `openDoor` throws. */
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
export const openLastingDoor = ({ paths }: OpenParts, start: () => void): Promise<Door> => reopenedDoor(() => lastingDoor(paths.home, start));

async function lastingDoor(home: string, start: () => void): Promise<Door> {
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
    // In one turn with the last look at who needs it: who comes from now on is told to seek another host.
    local?.refuseWork();
    if (!core.isNeeded()) await local?.close();
    await core.stopWork();
    await untilAnswered(core);
    await local?.close();
    core.close();
    lock.release();
    log.info('host ended', { kind });
  };
  return { core, events: local?.events ?? null, door: ownDoor(core, thisUser(), close) };
}

/** A command whose own work is done stays for those who are still attached, for what they queued, and for who has no answer yet. */
async function stayForOthers(core: Core, { onStay }: OpenParts): Promise<void> {
  const silentUntil = performance.now() + silentMs;
  let signal: AbortSignal | undefined;
  while (core.isNeeded() && !core.isToldToEnd() && signal?.aborted !== true) {
    // A short answer is not worth a word.
    if (core.attached() > 0 || core.isBusy() || performance.now() > silentUntil) signal ??= onStay?.();
    await pause(stayMs);
  }
}

/** Who heard that a run ended asks how; the answer is given before the door is shut. */
async function untilAnswered(core: Core): Promise<void> {
  const start = performance.now();
  const isWithin = (ms: number): boolean => performance.now() - start < ms;
  while ((core.attached() > 0 && isWithin(listenersMs)) || (core.answering() > 0 && isWithin(answersMs))) await pause(20);
}
