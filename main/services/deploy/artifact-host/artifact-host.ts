/**
 * Offers files to servers of targets while deployments last: each at an unguessable path, to the addresses of one server, until it is closed or expires.
 * It answers at once or refuses at once: a host that falls silent would hold up the administration of the server that asks.
 */
import { randomBytes } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { fileFailure } from '../../../platform/file-failure.ts';
import { addressesOf, isLoopback, ownAddresses, servingAddress, type NamedServer } from './addresses.ts';
import { OfferedFile } from './offered-file.ts';

export interface Offer {
  readonly path: string;
  readonly bytes: number;
  readonly fileName: string;
  readonly server: NamedServer;
  /** `address`: that it is reached by; null: the one that leads to the server. `port` 0: any. */
  readonly delivery: { readonly address: string | null; readonly port: number };
  readonly expiresMs?: number;
}

export interface Offered {
  readonly url: string;
  /** How much of the file was sent, 0 to 1. */
  readonly share: () => number;
  /** How often its server asked. */
  readonly requests: () => number;
  /** What went wrong at this end; empty: nothing. */
  readonly story: () => string;
  /** Asks for the head of the file at its own address. Throws ARTIFACT_UNSERVABLE. */
  prove(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const dayMs = 24 * 3_600_000;

interface Door {
  readonly server: Server;
  readonly port: number;
  readonly files: Map<string, OfferedFile>;
}

export class ArtifactHost {
  /** By address and asked port. Offers at one fixed port share its door. */
  readonly #doors = new Map<string, Promise<Door>>();

  /** Throws ARTIFACT_UNSERVABLE, FILE_MISSING, REMOTE_UNREACHABLE. */
  async offer({ path, bytes, fileName, server, delivery, expiresMs = dayMs }: Offer): Promise<Offered> {
    const { shown, bound } = await servingAddress(server, delivery.address);
    const theirs = await addressesOf(server);
    const isHere = theirs.some((address) => isLoopback(address) || ownAddresses().includes(address));
    const isAllowed = (address: string): boolean => theirs.includes(address) || (isHere && (isLoopback(address) || ownAddresses().includes(address)));
    const file = await OfferedFile.open(path, { bytes, isAllowed }).catch((error: unknown) => {
      throw fileFailure(error, { what: 'The adapter', path, action: 'read' });
    });
    const place = `${bound} ${String(delivery.port)}`;
    const door = await this.#door(place, { bound, port: delivery.port, server: server.name }).catch(async (error: unknown) => {
      await file.close();
      throw error;
    });
    const route = `/${randomBytes(32).toString('base64url')}/${encodeURIComponent(fileName)}`;
    door.files.set(route, file);
    const close = async (): Promise<void> => {
      clearTimeout(expiry);
      if (!door.files.delete(route)) return;
      await file.close();
      if (door.files.size === 0) await this.#shut(place, door);
    };
    const expiry = setTimeout(() => void close(), expiresMs).unref();
    const authority = `${isIPv6(shown) ? `[${shown}]` : shown}:${String(door.port)}`;
    const prove = (signal: AbortSignal): Promise<void> => proved({ bound, shown, port: door.port, route, bytes, server: server.name, signal });
    return { url: `http://${authority}${route}`, share: () => file.share, requests: () => file.requests, story: () => file.story, prove, close };
  }

  /** No offer outlives it. */
  async close(): Promise<void> {
    for (const [place, opening] of [...this.#doors]) {
      const door = await opening.catch(() => null);
      if (door === null) continue;
      await Promise.all([...door.files.values()].map((file) => file.close()));
      door.files.clear();
      await this.#shut(place, door);
    }
  }

  async #door(place: string, at: { readonly bound: string; readonly port: number; readonly server: string }): Promise<Door> {
    const known = this.#doors.get(place);
    if (known !== undefined) return known;
    const opening = openDoor(at);
    this.#doors.set(place, opening);
    opening.catch(() => this.#doors.delete(place));
    return opening;
  }

  async #shut(place: string, door: Door): Promise<void> {
    this.#doors.delete(place);
    door.server.closeAllConnections();
    await new Promise<void>((resolve) => door.server.close(() => resolve()));
  }
}

function openDoor({ bound, port, server: name }: { readonly bound: string; readonly port: number; readonly server: string }): Promise<Door> {
  const files = new Map<string, OfferedFile>();
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 2_000 }, (asked, answer) => {
    const file = files.get(asked.url ?? '');
    if (file === undefined) answer.writeHead(404, { connection: 'close' }).end();
    else file.answer(asked, answer);
  });
  server.maxConnections = 64;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'is in use'
          : error.code === 'EADDRNOTAVAIL'
            ? 'is not of this machine'
            : `cannot be opened (${error.code ?? error.message})`;
      reject(new AppError('ARTIFACT_UNSERVABLE', { server: name, problem: `${bound} port ${String(port)} ${why}` }, { cause: error }));
    });
    server.listen({ host: bound, port }, () => {
      server.removeAllListeners('error').on('error', () => undefined);
      resolve({ server, port: (server.address() as AddressInfo).port, files });
    });
  });
}

interface Proof {
  readonly bound: string;
  readonly shown: string;
  readonly port: number;
  readonly route: string;
  readonly bytes: number;
  readonly server: string;
  readonly signal: AbortSignal;
}

/** An address that another machine forwards may not lead back from here, so that only an own one is asked. */
function proved({ bound, port, route, bytes, server, signal }: Proof): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (problem: string): void => reject(new AppError('ARTIFACT_UNSERVABLE', { server, problem: `${bound} port ${String(port)} ${problem}` }));
    const asked = request(
      { host: bound, localAddress: bound, port, path: route, method: 'HEAD', agent: false, timeout: 3_000, signal, headers: { 'x-lathe-proof': '1' } },
      (answer) => {
        answer.resume();
        if (answer.headers['content-length'] === String(bytes)) resolve();
        else failed(`answers ${String(answer.statusCode)} to this machine`);
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.on('error', () => {
      if (signal.aborted) reject(signal.reason as Error);
      else failed('does not answer this machine');
    });
    asked.end();
  });
}
