/** Opens the public door of a host: HTTP for programs with a token and for the page. */
import { networkInterfaces, hostname } from 'node:os';
import { isIP } from 'node:net';
import type { Logger } from '../platform/logger.ts';
import { readPageFiles } from '../platform/page-files.ts';
import { projectFiles } from '../platform/project-files.ts';
import type { EventLog } from '../rest/event-log.ts';
import type { Core } from './core.ts';
import { thisUser } from './this-user.ts';

export interface PublicDoorOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Names of a proxy in front of it. */
  readonly hostNames: readonly string[];
}

export interface PublicDoor {
  /** Such as `http://127.0.0.1:4517`. */
  readonly url: string;
  /** Opens a browser's session, once. */
  readonly link: string;
  /** Where the first admin token is kept. */
  readonly tokenPath: string;
  close(): Promise<void>;
}

export interface PublicDoorPlace {
  readonly core: Core;
  readonly events: EventLog;
  readonly log: Logger;
  readonly logPath: () => string;
}

const loopback = ['127.0.0.1', 'localhost', '::1'];

export const isLoopback = (host: string): boolean => loopback.includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);

/** Throws LISTEN_FAILED. */
export async function openPublicDoor({ core, events, log, logPath }: PublicDoorPlace, { host, port, tls, hostNames }: PublicDoorOptions): Promise<PublicDoor> {
  const { PublicServer } = await import('../rest/public-server.ts');
  const tokenPath = core.tokens.ensureFirst();
  const server = new PublicServer({
    dispatch: (name, input, caller) => core.dispatcher.dispatch(name, input, caller),
    events,
    tokens: core.tokens,
    answers: core.answers,
    log: log.child('http'),
    logPath,
    self: thisUser().actor,
    tls,
    page: readPageFiles(projectFiles.page),
    names: namesOf(host),
    proxied: hostNames,
  });
  const listening = await server.listen(host, port);
  const url = `${listening.scheme}://${shownHost(host)}:${listening.port}`;
  log.info('public door open', { url });
  return { url, link: `${url}/login?code=${server.newLink()}`, tokenPath, close: () => server.close() };
}

/** Loopback and what was asked for; "every address" means the names and numbers that this machine has. */
function namesOf(host: string): readonly string[] {
  const isEvery = host === '0.0.0.0' || host === '::';
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const asked = isEvery ? [hostname(), ...own.map(({ address }) => address)] : [host];
  return [...new Set([...loopback, ...asked].map((name) => name.toLowerCase()))];
}

function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}
