/** The stand-in of a HANA as a process of its own, for `hana-server.ts`: started with its folder, told what shall go wrong over its channel. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FromHanaProgram, HanaFault, HanaFaultRule, ToHanaProgram } from './hana-server.ts';

interface StandIn {
  readonly port: number;
  readonly connections: number;
  start(): Promise<StandIn>;
  stop(): Promise<void>;
  dropAll(): void;
}
interface Modules {
  readonly HanaTestServer: new (options: Readonly<Record<string, unknown>>) => StandIn;
  readonly Session: { readonly prototype: { prepare: (this: unknown, sql: string) => unknown; end: (this: unknown, how: 'COMMIT' | 'ROLLBACK') => void } };
  readonly testCerts: (folder: string) => { readonly key: string; readonly cert: string; readonly caFile: string };
}

const [folder = '', settings = '{}'] = process.argv.slice(2);
const { file, tls, lockWaitMs, user, password } = JSON.parse(settings) as {
  readonly file: string | null;
  readonly tls: boolean;
  readonly lockWaitMs: number;
  readonly user: string;
  readonly password: string;
};
const load = (name: string): Promise<Modules> => import(pathToFileURL(join(folder, name)).href) as Promise<Modules>;
const own = mkdtempSync(join(tmpdir(), 'hana-standin-'));
const certificates = tls ? (await load('certs.mjs')).testCerts(own) : null;

let rules: { rule: HanaFaultRule; seen: number }[] = [];
let veto: { code: number; message: string } | null = null;
let statements: string[] = [];
let logons = 0;

/** The k-th statement that fits, from when the rules were set. */
function faultOf(sql: string): HanaFault | undefined {
  statements.push(sql);
  for (const each of rules) {
    if (each.rule.match !== undefined && !new RegExp(each.rule.match, 'i').test(sql)) continue;
    each.seen += 1;
    const { at = 1, times = 1 } = each.rule;
    if (each.seen >= at && each.seen < at + times) return each.rule.fault;
  }
  return undefined;
}

const { HanaTestServer, Session } = await load('server.ts');
const { prepare, end } = Session.prototype;
// Its hooks are for statements: a commit can be cut and held up here too.
Session.prototype.end = function (how) {
  const fault = how === 'COMMIT' ? faultOf(how) : undefined;
  end.call(this, fault?.drop === 'before' ? 'ROLLBACK' : how);
  if (fault?.drop !== undefined) server.dropAll();
  // It has happened, and nobody is told for so long.
  if (fault?.delayMs !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, fault.delayMs);
};
// It knows FOR UPDATE alone, and waits for as long as for any lock.
Session.prototype.prepare = function (sql) {
  return prepare.call(this, sql.replace(/FOR UPDATE NOWAIT/i, 'FOR UPDATE'));
};
const server = await new HanaTestServer({
  ...{ file: file ?? join(own, 'data.sqlite'), users: { [user]: password }, lockWaitMs, ifExists: false },
  ...(certificates === null ? {} : { tls: { key: certificates.key, cert: certificates.cert } }),
  onStatement: faultOf,
  onLogon: () => {
    logons += 1;
    return veto ?? undefined;
  },
}).start();

const say = (message: FromHanaProgram): void => void process.send?.(message);
process.on('message', (message: ToHanaProgram) => {
  if (message.type === 'faults') rules = message.rules.map((rule) => ({ rule, seen: 0 }));
  if (message.type === 'logon') veto = message.veto;
  if (message.type === 'drop') server.dropAll();
  const seen = { statements, logons, connections: server.connections };
  if (message.type === 'seen' && message.clear) {
    statements = [];
    logons = 0;
  }
  say({ type: 'answer', id: message.id, seen });
});
process.on('disconnect', () => {
  void server.stop().finally(() => {
    rmSync(own, { recursive: true, force: true });
    process.exit(0);
  });
});
say({ type: 'started', port: server.port, caFile: certificates?.caFile ?? null });
