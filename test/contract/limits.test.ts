/** Who sends too much, too slowly or nothing at all; and the door beyond this machine. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { get as httpsGet } from 'node:https';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventLog } from '../../main/rest/event-log.ts';
import { PublicServer } from '../../main/rest/public-server.ts';
import { Answers } from '../../main/services/answers.ts';
import { EventHub } from '../../main/services/event-hub.ts';
import { Ledger } from '../../main/services/ledger.ts';
import { Tokens } from '../../main/services/tokens.ts';
import { openStore } from '../../main/store/store.ts';
import { HttpHost, type Answered } from '../support/http-host.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { lathe } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const self = { user: 'somebody', host: 'somewhere', token: null };

/** The public door alone, with limits that a test can wait for. */
function door() {
  const log = keepingLogger();
  const now = (): Date => new Date();
  const store = openStore(join(folder, 'door.db'), log);
  const hub = new EventHub(log);
  const tokens = new Tokens({ store, ledger: new Ledger({ store, hub, now, isConnected: () => false, onSealed: () => undefined }), now, home: folder, self });
  const server = new PublicServer({
    dispatch: () => Promise.resolve({ runs: { queued: 0, active: 0, by_state: {} }, benchmarks: { queued: 0, active: 0 } }),
    events: new EventLog(hub),
    tokens,
    answers: new Answers(store.answers, now),
    log,
    logPath: () => 'log',
    self,
    tls: null,
    proxied: [],
    page: new Map(),
    names: ['127.0.0.1'],
    limits: { headMs: 400, requestMs: 800, closeMs: 300 },
  });
  return { server, tokens };
}

describe('slow and silent requests', { timeout: 30_000 }, () => {
  const { server, tokens } = door();
  const { token } = tokens.create({ name: 'a test', role: 'admin', expires: null }, self);
  let port = 0;
  beforeAll(async () => {
    ({ port } = await server.listen('127.0.0.1', 0));
  });
  afterAll(() => server.close());

  /** What comes back until the door shuts, and how long that took. */
  const untilShut = async (begin: string, drip: string): Promise<{ readonly text: string; readonly ms: number }> => {
    const start = performance.now();
    const socket: Socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(begin);
    const dripping = setInterval(() => socket.writable && socket.write(drip), 50);
    // Not `once`, which an EPIPE would end: the door may shut while the rest is being written.
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(dripping);
    return { text, ms: performance.now() - start };
  };

  it('are let go, a head that never ends as well as a body, while others are answered', async () => {
    const head = `POST /v1/calls/runs.list HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    const slow = Promise.all([
      ...Array.from({ length: 50 }, () => untilShut('GET /health HTTP/1.1\r\n', 'X-A: b\r\n')),
      ...Array.from({ length: 50 }, () => untilShut(`${head}Content-Length: 1000\r\n\r\n{`, ' ')),
      untilShut('', ''),
    ]);
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    expect(answer.status).toBe(200);
    for (const { text, ms } of await slow) {
      expect(text === '' || text.startsWith('HTTP/1.1 408 ')).toBe(true);
      expect(ms).toBeLessThan(10_000);
    }
    expect((await slow).filter(({ text }) => text.includes('"code":"REQUEST_TOO_SLOW"')).length).toBeGreaterThan(90);
  });

  it('are told what was wrong where they are no HTTP', async () => {
    expect((await untilShut('\u0016\u0003\u0001 hello\r\n\r\n', '')).text).toMatch(/^HTTP\/1\.1 400 [^]*"code":"BODY_UNREADABLE"/);
    expect((await untilShut(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Big: ${'x'.repeat(100_000)}\r\n\r\n`, '')).text).toMatch(/^HTTP\/1\.1 431 /);
    const chunked = `POST /v1/calls/runs.list HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    expect((await untilShut(chunked + chunk.repeat(20), '')).text).toMatch(/^HTTP\/1\.1 413 [^]*"code":"BODY_TOO_LARGE"/);
    const smuggled = `POST /v1/calls/runs.list HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect((await untilShut(smuggled, '')).text).toMatch(/^HTTP\/1\.1 400 /);
    const twoHosts = `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    expect((await untilShut(twoHosts, '')).text).not.toMatch(/^HTTP\/1\.1 421 [^]*HTTP\/1\.1 200/);
  });
});

describe('beyond this machine', { timeout: 90_000 }, () => {
  const home = join(folder, 'home');

  it('warns so that nobody misses it, and still knows its own names only', async () => {
    const host = await HttpHost.start(home, ['--host', '0.0.0.0']);
    expect((await host.ask('/health', { headers: { host: `${hostname()}:${host.port}` } })).status).toBe(200);
    expect((await host.ask('/health', { headers: { host: `evil.example:${host.port}` } })).status).toBe(421);
    const { code, stderr } = await host.end();
    expect(code).toBe(0);
    expect(stderr).toContain('WARNING: this host listens on 0.0.0.0 WITHOUT encryption');
  });

  it('speaks HTTPS with a certificate, without a warning, and its cookie stays on it', async (context) => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    try {
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-keyout',
          key,
          '-out',
          cert,
          '-subj',
          '/CN=localhost',
          '-days',
          '2',
        ],
        { stdio: 'ignore' },
      );
    } catch {
      context.skip('no openssl on this machine to make a certificate with');
    }
    const host = await HttpHost.start(home, ['--host', '0.0.0.0', '--tls-cert', cert, '--tls-key', key]);
    const get = (path: string): Promise<{ readonly status: number; readonly cookie: string }> =>
      new Promise((resolve, reject) => {
        httpsGet({ host: '127.0.0.1', port: host.port, path, rejectUnauthorized: false, agent: false }, (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, cookie: response.headers['set-cookie']?.[0] ?? '' });
        }).on('error', reject);
      });
    expect(host.url).toMatch(/^https:/);
    expect((await get('/health')).status).toBe(200);
    expect((await get(host.login.slice(host.url.length))).cookie).toMatch(/; Secure$/);
    const { stderr } = await host.end();
    expect(stderr).not.toContain('WARNING');
  });

  it('answers behind a proxy to the names that it was given, and to no other', async () => {
    const host = await HttpHost.start(home, ['--host-name', 'Lathe.Example.org', '--host-name', 'other.example:8443']);
    const as = async (name: string, headers: object = {}): Promise<unknown> => {
      const { status, text } = await host.ask('/v1/calls/host.status', { method: 'POST', body: {}, headers: { host: name, ...headers } });
      return status === 200 ? status : (JSON.parse(text) as { code: unknown }).code;
    };
    for (const name of ['lathe.example.org', 'LATHE.example.org', 'other.example:8443', `127.0.0.1:${host.port}`])
      expect([name, await as(name)]).toEqual([name, 200]);
    for (const name of [
      'lathe.example.org:8443',
      'other.example',
      'evil.example',
      'x.lathe.example.org',
      'lathe.example.org.',
      `lathe.example.org:${host.port}`,
    ])
      expect([name, await as(name)]).toEqual([name, 'HOST_FOREIGN']);
    const opened = await host.ask(host.login.slice(host.url.length), { token: null, headers: { host: 'lathe.example.org' } });
    const cookie = opened.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const browser = (origin: string): Promise<Answered> =>
      host.ask('/v1/calls/host.status', { method: 'POST', token: null, body: {}, headers: { host: 'lathe.example.org', cookie, origin } });
    expect((await browser('https://lathe.example.org')).status).toBe(200);
    for (const origin of ['https://evil.example', 'https://lathe.example.org:8443', 'null'])
      expect((await browser(origin)).json()['code']).toBe('ORIGIN_FOREIGN');
    await host.end();
  });

  it('says what it cannot do', async () => {
    const env = { LATHE_HOME: join(folder, 'other') };
    expect(await lathe(['serve', '--port', '99999'], { env })).toMatchObject({ code: 2 });
    for (const name of ['', 'a b', 'https://a', 'a/b', 'a:99999', '-a', '*'])
      expect(await lathe(['serve', `--host-name=${name}`], { env })).toMatchObject({ code: 2, stderr: expect.stringContaining('no name such as') });
    expect(await lathe(['serve', '--tls-cert', 'x'], { env })).toMatchObject({ code: 2, stderr: expect.stringContaining('go together') });
    expect(await lathe(['serve', '--tls-cert', 'x', '--tls-key', 'y'], { env })).toMatchObject({ code: 3 });
    const host = await HttpHost.start(home);
    const taken = await lathe(['serve', '--port', String(host.port)], { env });
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining('EADDRINUSE') });
    await host.end();
  });
});
