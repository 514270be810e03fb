/** `lathe proxy`: runs beside a server and shares an alias' requests out between two models, until it is told to end. */
import { Command, InvalidArgumentError } from 'commander';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TargetServer } from '../../../shared/domain/target.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isLoopback } from '../../core/public-door.ts';
import { writeFileAtomically } from '../../platform/atomic-files.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import { ProxyServer } from '../../proxy/proxy-server.ts';
import { SplitBook } from '../../proxy/split-book.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { parsePort } from '../options/parse-port.ts';

interface ProxyOptions {
  readonly upstream: string;
  readonly host: string;
  readonly port: number;
  readonly state?: string;
  readonly keyFile?: string;
}

export const proxyCommand = (host: HostSource): Command =>
  new Command('proxy')
    .description('stand in front of a LocalAI server and split the requests for an alias by weight')
    .requiredOption('--upstream <url>', 'the server, for example http://127.0.0.1:8080', upstream)
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--port <number>', 'port it listens on; 0: any that is free', parsePort, 4519)
    .option('--state <file>', 'where it keeps the splits (default: proxy/splits.json in LATHE_HOME)')
    .option('--key-file <file>', 'holds the key that setting a split needs; made where it is missing (default: proxy/key in LATHE_HOME)')
    .action((options: ProxyOptions) => proxy(host(), options));

async function proxy(host: Host, options: ProxyOptions): Promise<void> {
  const folder = join(host.paths.home, 'proxy');
  const keyFile = options.keyFile === undefined ? join(folder, 'key') : resolve(options.keyFile);
  const log = host.logFile.log.child('proxy');
  const server = new ProxyServer({
    upstream: options.upstream,
    book: new SplitBook(options.state === undefined ? join(folder, 'splits.json') : resolve(options.state)),
    key: keyIn(keyFile),
    log,
  });
  const url = await server.listen(options.host, options.port);
  if (!isLoopback(options.host)) log.warn('listening beyond this machine without encryption', { address: options.host });
  host.reporter.part({ event: 'listening', url, upstream: options.upstream, key: keyFile }, [
    `In front of ${options.upstream}: ${url}; Ctrl-C ends it.`,
    `Splits are set at ${url}/lathe/splits with the key in ${keyFile}.`,
  ]);
  await new Promise<void>((done) => {
    const stop = onInterrupt(() => {
      stop();
      done();
    });
  });
  await server.close();
}

/** Readable by its user alone. Throws FILE_FORBIDDEN, USAGE where it is empty. */
function keyIn(path: string): string {
  try {
    const key = readFileSync(path, 'utf8').trim();
    if (key.length >= 16) return key;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw fileFailure(error, { what: 'Key', path, action: 'read' });
    const key = randomBytes(32).toString('base64url');
    try {
      writeFileAtomically(path, `${key}\n`, { mode: 0o600 });
    } catch (failure) {
      throw fileFailure(failure, { what: 'Key', path, action: 'write' });
    }
    return key;
  }
  throw new AppError('USAGE', { problem: `The key in ${path} is shorter than 16 characters`, hint: 'Remove the file, and one is made.' });
}

function upstream(text: string): string {
  const url = TargetServer.shape.url.safeParse(text);
  if (!url.success) throw new InvalidArgumentError(`It ${url.error.issues[0]?.message ?? 'is no address'}.`);
  return url.data;
}
