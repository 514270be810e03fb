/** Who gets in: tokens that are made, run out and are revoked, browsers by their link, and where nothing of a token is to be found. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hostOfTests } from '../support/host-of-tests.ts';
import type { Answered } from '../support/http-host.ts';
import { lathe } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const host = await hostOfTests(folder);

const make = async (input: object): Promise<Record<string, unknown>> => (await host.post('/v1/calls/tokens.create', input)).json();
const cookieOf = ({ headers }: Answered): string => (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
const status = '/v1/calls/host.status';

describe('access tokens', { timeout: 60_000 }, () => {
  it('are made, listed and revoked by the command line', async () => {
    const env = { LATHE_HOME: host.home };
    const made = await lathe(['token', 'create', '--json', '--name', 'ci', '--role', 'viewer', '--expires', '30d'], { env });
    const { token, id, expires } = made.events[0] as Record<string, unknown>;
    expect(Date.parse(String(expires)) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    expect((await host.post(status, {}, { token: String(token) })).status).toBe(200);
    const listed = await lathe(['token', 'list', '--json'], { env });
    expect(listed.events[0]).toMatchObject({ tokens: expect.arrayContaining([expect.objectContaining({ id, name: 'ci', role: 'viewer' })]) });
    expect(JSON.stringify(listed.events)).not.toContain(String(token));
    expect((await lathe(['token', 'revoke', 'ci'], { env })).code).toBe(0);
    expect((await host.post(status, {}, { token: String(token) })).status).toBe(401);
    expect((await lathe(['token', 'revoke', 'nobody'], { env })).code).toBe(2);
    expect((await lathe(['token', 'create', '--name', 'x', '--role', 'king'], { env })).code).toBe(2);
    expect((await lathe(['token', 'create', '--name', 'x', '--role', 'viewer', '--expires', 'soon'], { env })).code).toBe(2);
  });

  it('run out', async () => {
    const { token } = await make({ name: 'short', role: 'viewer', expires: new Date(Date.now() + 1_500).toISOString() });
    expect((await host.post(status, {}, { token: String(token) })).status).toBe(200);
    await pause(1_600);
    expect((await host.post(status, {}, { token: String(token) })).status).toBe(401);
    const past = await host.post('/v1/calls/tokens.create', { name: 'late', role: 'viewer', expires: '2020-01-01T00:00:00Z' });
    expect(past.json()).toMatchObject({ code: 'INPUT_INVALID', status: 422 });
  });

  it('have names of their own, without anything a terminal obeys', async () => {
    await make({ name: 'twice', role: 'viewer' });
    expect((await host.post('/v1/calls/tokens.create', { name: 'twice', role: 'admin' })).json()).toMatchObject({ code: 'TOKEN_NAME_TAKEN', status: 409 });
    for (const name of ['', '<b>', '\u001b[2J', 'a\nb', ' x', 'x'.repeat(65)])
      expect((await host.post('/v1/calls/tokens.create', { name, role: 'viewer' })).status).toBe(422);
  });

  it('end the streams that they opened', async () => {
    const { token, name } = await make({ name: 'listener', role: 'viewer' });
    const ended = host.events('/v1/events', () => false, { token: String(token) });
    await pause(300);
    await host.post('/v1/calls/tokens.revoke', { token: name });
    expect((await ended).map(({ event }) => event)).toEqual(['ready', 'closing']);
  });

  it('are nowhere in LATHE_HOME but in the file of the first', async () => {
    const { token } = await make({ name: 'planted', role: 'admin' });
    await host.post(status, {}, { token: String(token) });
    await host.post(status, {}, { token: `${String(token).slice(0, -1)}_` });
    const files = readdirSync(host.home, { recursive: true, encoding: 'utf8' })
      .map((name) => join(host.home, name))
      .filter((path) => statSync(path).isFile());
    const holding = (text: string): string[] => files.filter((path) => readFileSync(path).includes(text));
    expect(holding(String(token))).toEqual([]);
    expect(holding(host.admin)).toEqual([join(host.home, 'token')]);
  });

  it('are not taken from the query or a body', async () => {
    expect((await host.ask(`/metrics?token=${host.admin}&access_token=${host.admin}`, { token: null })).status).toBe(401);
    for (const authorization of [host.admin, `Basic ${host.admin}`, 'Bearer', `Bearer ${host.admin} x`, `Bearer "${host.admin}"`])
      expect((await host.ask('/metrics', { token: null, headers: { authorization } })).status).toBe(401);
  });
});

/** From another address of this machine, so that its failures are counted apart. */
const from = (localAddress: string, token: string): Promise<{ readonly status: number; readonly retryAfter: string | undefined }> =>
  new Promise((resolve, reject) => {
    const made = request(
      { host: '127.0.0.1', port: host.port, path: '/metrics', localAddress, agent: false, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      },
    );
    made.on('error', reject);
    made.end();
  });

describe('failed log-ons', () => {
  it('are counted by address, and never lock the owner out', async (context) => {
    if (process.platform !== 'linux') context.skip('only Linux has all of 127.0.0.0/8 by itself');
    const wrong = `lathe_${'B'.repeat(43)}`;
    for (let i = 0; i < 10; i += 1) expect((await from('127.0.0.77', wrong)).status).toBe(401);
    const limited = await from('127.0.0.77', wrong);
    expect(limited.status).toBe(429);
    expect(Number(limited.retryAfter)).toBeGreaterThan(0);
    expect((await from('127.0.0.77', host.admin)).status).toBe(200);
    expect((await from('127.0.0.78', wrong)).status).toBe(401);
  });
});

describe('browsers', () => {
  it('come in by the link, once, with a cookie that no script reads', async () => {
    const path = host.login.slice(host.url.length);
    const opened = await host.ask(path, { token: null });
    expect([opened.status, opened.headers.location]).toEqual([303, '/']);
    expect(opened.headers['set-cookie']?.[0]).toMatch(new RegExp(`^lathe_session_${host.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax$`));
    const again = await host.ask(path, { token: null });
    expect([again.status, again.headers['set-cookie'], again.headers['content-type']]).toEqual([401, undefined, 'text/html; charset=utf-8']);
    const cookie = cookieOf(opened);
    const reloaded = await host.ask(path, { token: null, headers: { cookie } });
    expect([reloaded.status, reloaded.headers.location, reloaded.headers['set-cookie']]).toEqual([303, '/', undefined]);
    // Those of other hosts of this machine come along.
    const among = `lathe_session_1=x; ${cookie}; theme=dark`;
    expect((await host.ask(String(reloaded.headers.location), { token: null, headers: { cookie: among } })).text).toContain('id="root"');
    expect((await host.ask('/metrics', { token: null, headers: { cookie: cookie.replace(String(host.port), '1') } })).status).toBe(401);
    const own = { cookie, origin: host.url };
    expect((await host.ask('/metrics', { token: null, headers: { cookie } })).status).toBe(200);
    expect((await host.post(status, {}, { token: null, headers: own })).status).toBe(200);
    // The browser's word that the page is ours is missing or another's.
    expect((await host.post(status, {}, { token: null, headers: { cookie } })).json()).toMatchObject({ code: 'ORIGIN_FOREIGN' });
    expect((await host.post(status, {}, { token: null, headers: { cookie, origin: 'http://evil.example' } })).status).toBe(403);
    const page = await host.ask('/', { token: null, headers: { cookie } });
    expect(page.text).toContain('id="root"');
    const audit = (await host.ask('/', { token: null })).text;
    expect(audit).not.toContain('active');
  });

  it('are shown a page that runs and loads nothing', async () => {
    const { headers, text } = await host.ask('/', { token: null });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect(text).not.toMatch(/<script|<img|src=|on\w+=/);
  });

  it.for(['', 'x', '../..', '<script>', "' OR 1=1", '__proto__', 'a'.repeat(200)])('are not let in by %j', async (code) => {
    const answer = await host.ask(`/login?code=${encodeURIComponent(code)}`, { token: null });
    expect([401, 429]).toContain(answer.status);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.text).not.toContain('<script>');
  });
});
