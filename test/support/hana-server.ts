/**
 * A server that speaks HANA's protocol, for one test file: the stand-in that lies beside the checkout (`LATHE_TEST_HANA_STANDIN` or ../shared/tools/hana-standin),
 * copied into the cache, in a process of its own. SAP's driver is used where `node test/support/fetch-hana-client.ts` has put it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HanaConnection, hanaDrivers, type HanaDriver } from '../../shared/domain/hana-connection.ts';
import { cacheFolder } from './smollm2.ts';

const source = process.env['LATHE_TEST_HANA_STANDIN'] ?? fileURLToPath(new URL('../../../shared/tools/hana-standin', import.meta.url));
const parts = ['auth.ts', 'certs.mjs', 'server.ts', 'sql.ts', 'types.ts', 'wire.ts'];
const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));
export const hanaClientFolder = join(cacheFolder(), 'hana-client');

/** Why there is none here; null: there is. */
export const whyNoHana: string | null = !existsSync(join(source, 'server.ts'))
  ? 'no ../shared/tools/hana-standin'
  : existsSync(join(packages, 'better-sqlite3'))
    ? null
    : 'better-sqlite3 is not installed';

/** Why a driver cannot be tested here; null: it can. */
export const whyNoHanaDriver = (driver: HanaDriver): string | null =>
  driver === 'hdb' || existsSync(join(hanaClientFolder, 'node_modules', '@sap', 'hana-client'))
    ? null
    : 'no @sap/hana-client in the cache (node test/support/fetch-hana-client.ts)';

/** Every driver, with why it is left out. */
export const driversToTest = hanaDrivers.map((driver) => ({ driver, missing: whyNoHana ?? whyNoHanaDriver(driver) }));

export interface HanaFault {
  readonly error?: { readonly code: number; readonly message: string };
  readonly delayMs?: number;
  /** The line is cut before the statement runs, or when it has run and nobody was told. */
  readonly drop?: 'before' | 'after';
}

/** `at`: from the how manieth statement that fits `match` (a regular expression; left out: all), counted from when the rules were set; `times`: for so many. */
export interface HanaFaultRule {
  readonly match?: string;
  readonly at?: number;
  readonly times?: number;
  readonly fault: HanaFault;
}

export interface HanaSeen {
  readonly statements: readonly string[];
  /** How often somebody logged on, or tried to. */
  readonly logons: number;
  readonly connections: number;
}

type Order =
  | { readonly type: 'faults'; readonly rules: readonly HanaFaultRule[] }
  | { readonly type: 'logon'; readonly veto: { readonly code: number; readonly message: string } | null }
  | { readonly type: 'drop' }
  | { readonly type: 'seen'; readonly clear: boolean };
export type ToHanaProgram = Order & { readonly id: number };
export type FromHanaProgram =
  | { readonly type: 'started'; readonly port: number; readonly caFile: string | null }
  | { readonly type: 'answer'; readonly id: number; readonly seen: HanaSeen };

export interface HanaServer {
  readonly port: number;
  /** With `tls`: the authority that signed its certificate, which is for `localhost`. */
  readonly caFile: string | null;
  readonly user: string;
  readonly password: string;
  /** What shall go wrong; those that were set before count no more. */
  faults(...rules: readonly HanaFaultRule[]): Promise<void>;
  /** Refuses every log-on; null: no more. */
  refuseLogons(veto: { readonly code: number; readonly message: string } | null): Promise<void>;
  /** Cuts every line, as a firewall does. */
  dropAll(): Promise<void>;
  /** What came since the start, or since it was cleared. */
  seen(options?: { readonly clear?: boolean }): Promise<HanaSeen>;
  /** A connection to it; its secret is called `hana`. */
  connection(changes?: Partial<HanaConnection>): HanaConnection;
  stop(): Promise<void>;
}

export interface HanaSettings {
  /** An SQLite file that keeps the data; left out: one that goes with it. */
  readonly file?: string;
  readonly tls?: boolean;
  readonly lockWaitMs?: number;
}

export const hanaPassword = 'A-secret-that-nobody-may-see-1';
const user = 'ADMIN';

export async function startHana({ file, tls = false, lockWaitMs = 500 }: HanaSettings = {}): Promise<HanaServer> {
  const settings = { file: file ?? null, tls, lockWaitMs, user, password: hanaPassword };
  const child = fork(fileURLToPath(new URL('hana-program.ts', import.meta.url)), [copied(), JSON.stringify(settings)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { port, caFile } = await started(child);
  const ask = asker(child);
  return {
    ...{ port, caFile, user, password: hanaPassword },
    faults: async (...rules) => {
      await ask({ type: 'faults', rules });
    },
    refuseLogons: async (veto) => {
      await ask({ type: 'logon', veto });
    },
    dropAll: async () => {
      await ask({ type: 'drop' });
    },
    seen: ({ clear = false } = {}) => ask({ type: 'seen', clear }),
    connection: (changes = {}) =>
      HanaConnection.parse({ name: 'test', host: tls ? 'localhost' : '127.0.0.1', port, user, secret: 'hana', encrypt: tls, ca_file: caFile, ...changes }),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
}

function started(child: ChildProcess): Promise<Extract<FromHanaProgram, { type: 'started' }>> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: FromHanaProgram) => {
      if (message.type === 'started') resolve(message);
    });
    child.once('exit', (code) => reject(new Error(`the stand-in ended with ${String(code)}`)));
  });
}

function asker(child: ChildProcess): (order: Order) => Promise<HanaSeen> {
  const waiting = new Map<number, (seen: HanaSeen) => void>();
  let count = 0;
  child.on('message', (message: FromHanaProgram) => {
    if (message.type === 'answer') waiting.get(message.id)?.(message.seen);
  });
  return (order) =>
    new Promise((resolve) => {
      const id = (count += 1);
      waiting.set(id, resolve);
      child.send({ ...order, id });
    });
}

/** Anew where the source or the packages it is given are others; several test files may do it at once. */
function copied(): string {
  const made = [packages, ...parts.map((part) => String(Math.round(statSync(join(source, part)).mtimeMs)))].join('\n');
  const folder = join(cacheFolder(), `hana-standin-${createHash('sha256').update(made).digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.${String(process.pid)}`;
  mkdirSync(join(fresh, 'node_modules'), { recursive: true });
  for (const part of parts) cpSync(join(source, part), join(fresh, part));
  symlinkSync(join(packages, 'better-sqlite3'), join(fresh, 'node_modules', 'better-sqlite3'), 'junction');
  try {
    renameSync(fresh, folder);
  } catch {
    // Another was quicker.
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}
