/** The door of a host for other commands of its user: a socket, and host.json that tells where it is. */
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractVersion } from '../../shared/contracts/calls.ts';
import { ownTicks } from '../platform/process-identity.ts';
import type { EventLog } from '../rest/event-log.ts';
import type { Core, CoreParts } from './core.ts';
import { readHostFile, removeHostFile, writeHostFile } from './host-file.ts';
import { thisUser } from './this-user.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface LocalDoor {
  readonly events: EventLog;
  /** From now on nobody leaves work here, and nobody new listens. */
  refuseWork(): void;
  /** Shuts it: everybody has an answer, who came late that nothing was begun. */
  close(): Promise<void>;
}

type LocalDoorParts = Pick<CoreParts, 'paths' | 'log' | 'logPath' | 'kind'>;

/** A command trains also where nobody can be let in; a host that is there for others does not. */
export async function letOthersIn(parts: LocalDoorParts, core: Core): Promise<LocalDoor | null> {
  try {
    return await openLocalDoor(parts, core);
  } catch (error) {
    if (parts.kind !== 'command') throw error;
    parts.log.warn('nobody is let in', { problem: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

async function openLocalDoor({ paths: { home }, logPath, kind }: LocalDoorParts, core: Core): Promise<LocalDoor> {
  // Read only where somebody may come: a question to the store needs no server.
  const [{ localServer }, { EventLog }] = await Promise.all([import('../rest/local-server.ts'), import('../rest/event-log.ts')]);
  const dispatch = (name: string, input: unknown): Promise<unknown> => core.dispatcher.dispatch(name, input, thisUser());
  const secret = randomBytes(32).toString('base64url');
  // Left by a host that was killed; its name is known from there alone.
  const stale = readHostFile(home)?.socket ?? null;
  if (stale !== null) removeSocket(stale);
  const socket = socketPath(home);
  const events = new EventLog(core.hub);
  const { server, attached, answering, refuse, untilLeft } = localServer({ home, dispatch, events, secret, logPath });
  core.attached = attached;
  core.answering = answering;
  const mask = process.umask(0o077);
  await server.listen({ path: socket }).finally(() => process.umask(mask));
  const { pid } = process;
  writeHostFile(home, { pid, ticks: ownTicks(), kind, version: packageJson.version, contract: contractVersion, started: core.started, socket, secret });
  let closed: Promise<void> | null = null;
  const shut = async (): Promise<void> => {
    refuse('everything');
    removeHostFile(home);
    removeSocket(socket);
    await untilLeft();
    await server.close();
  };
  return { events, refuseWork: () => refuse('work'), close: () => (closed ??= shut()) };
}

/** In a folder for all, since a socket's path may have some hundred bytes only: with chance in its name, which host.json alone tells. */
function socketPath(home: string): string {
  const name = `lathe-${createHash('sha256').update(home).digest('hex').slice(0, 8)}-${randomBytes(8).toString('hex')}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** A named pipe goes with its server. */
function removeSocket(path: string): void {
  if (process.platform !== 'win32') rmSync(path, { force: true });
}
