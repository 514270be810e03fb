/** `lathe serve`: the core without a window, with HTTP for programs and browsers, until it is told to end. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isLoopback, type PublicDoor, type PublicDoorOptions } from '../../core/public-door.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { OwnCore } from '../../core/open-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { parsePort } from '../options/parse-port.ts';

interface ServeOptions {
  readonly untilIdle?: true;
  readonly port: number;
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly hostName: readonly string[];
}

const [idlePollMs, idleLooks] = [500, 10];
/** 8080, which others use for such things, is LocalAI's own. */
export const defaultPort = 4517;

export const serveCommand = (host: HostSource): Command =>
  new Command('serve')
    .description('host the runs of this LATHE_HOME without a window, and answer HTTP')
    .option('--port <number>', 'port of the HTTP door; 0: any that is free', parsePort, defaultPort)
    .option('--host <address>', 'where it listens; beyond this machine it should have a certificate', '127.0.0.1')
    .option('--host-name <name>', 'name[:port] under which a proxy in front of it is reached, accepted in Host and Origin; may be repeated', hostName, [])
    .option('--tls-cert <file>', 'certificate chain (PEM): HTTPS instead of HTTP')
    .option('--tls-key <file>', 'its private key (PEM)')
    .addOption(new Option('--until-idle', 'end when nothing is queued and nobody is attached; no HTTP').hideHelp())
    .action((options: ServeOptions) => (options.untilIdle === true ? serveUntilIdle(host()) : serve(host(), options)));

async function serve(host: Host, options: ServeOptions): Promise<void> {
  const where = { host: options.host, port: options.port, tls: readTls(options), hostNames: options.hostName };
  const own = await host.becomeHost('serve', ({ pid, kind }) =>
    host.terminal.err(`${host.paths.home} is hosted by process ${pid} (${kind}) until its work is done; waiting for that …`),
  );
  const { core, door } = own;
  const ended = new AbortController();
  core.onEnd = () => ended.abort();
  const stopListening = onInterrupt(() => ended.abort());
  let publicDoor: PublicDoor | null = null;
  try {
    publicDoor = await host.openPublicDoor(own, where);
    tell(host, publicDoor, where);
    if (!core.isToldToEnd() && !ended.signal.aborted) await new Promise((resolve) => ended.signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    stopListening();
    await publicDoor?.close();
    await door.close();
  }
}

function tell(host: Host, { url, link, tokenPath }: PublicDoor, { host: address, tls }: PublicDoorOptions): void {
  if (!isLoopback(address) && tls === null) warn(host, address);
  host.reporter.part({ event: 'listening', url, login: link, token: tokenPath }, [
    `Hosting ${host.paths.home}; Ctrl-C ends it.`,
    `HTTP: ${url} (description: ${url}/v1/openapi.json; token: ${tokenPath})`,
    `In a browser, once, within five minutes: ${link}`,
  ]);
}

/** Whoever looks at the terminal sees this; it goes to standard error, and to the log. */
function warn(host: Host, address: string): void {
  const line = '!'.repeat(78);
  const words = [
    line,
    `!! WARNING: this host listens on ${address} WITHOUT encryption.`,
    '!! Everybody on the way can read the access tokens and use them.',
    '!! Give --tls-cert and --tls-key, or leave --host away and tunnel to it.',
    line,
  ];
  words.forEach((each) => host.terminal.err(each));
  host.logFile.log.warn('listening beyond this machine without encryption', { address });
}

async function serveUntilIdle(host: Host): Promise<void> {
  const { core, door } = await host.becomeHost('detached', () => undefined);
  const ended = new AbortController();
  core.onEnd = () => ended.abort();
  const stopListening = onInterrupt(() => ended.abort());
  try {
    await untilNothingIsLeft(core, ended.signal);
  } finally {
    stopListening();
    await door.close();
  }
}

/** Idle many times in a row: whoever started this host has had the time to ask for something. It ends in the turn of its last look. */
async function untilNothingIsLeft(core: OwnCore['core'], signal: AbortSignal): Promise<void> {
  for (let idle = 0; idle < idleLooks && !signal.aborted;) {
    await pause(idlePollMs, undefined, { signal }).catch(() => undefined);
    idle = core.isNeeded() ? 0 : idle + 1;
  }
}

/** As a browser writes it, so that it can be compared. */
function hostName(text: string, before: readonly string[]): readonly string[] {
  const [, name = '', port = ''] = /^(\[[\da-f:.]+\]|[a-z\d](?:[a-z\d.-]*[a-z\d])?)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (name === '' || name.length > 253 || Number(port) > 65_535)
    throw new InvalidArgumentError('It is no name such as lathe.example.org or lathe.example.org:8443.');
  return [...before, text.toLowerCase()];
}

/** Throws USAGE where one of the two is missing, FILE_MISSING. */
function readTls({ tlsCert, tlsKey }: ServeOptions): PublicDoorOptions['tls'] {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new AppError('USAGE', { problem: 'A certificate and its key go together', hint: 'Give --tls-cert and --tls-key.' });
  return { cert: read('Certificate', tlsCert), key: read('Private key', tlsKey) };
}

function read(what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileFailure(error, { what, path, action: 'read' });
  }
}
