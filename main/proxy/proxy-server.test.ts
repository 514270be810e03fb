/** The proxy in front of a small server: who is answered by whom, what goes through as it came, and what it counts. */
import fastify, { type FastifyInstance } from 'fastify';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SplitReports } from '../../shared/domain/traffic-split.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { chooseSide } from './choose-side.ts';
import { ProxyServer } from './proxy-server.ts';
import { SplitBook } from './split-book.ts';

const folder = temporaryFolder();
const key = 'a key of sixteen characters';
const split = { alias: 'support', previous: 'support-1', new: 'support-2', share: 25 };
const auth = { authorization: `Bearer ${key}` };

let upstream: FastifyInstance;
let upstreamUrl: string;
let count = 0;
let closed = 0;
const open: ProxyServer[] = [];

async function startProxy(path = join(folder, `${(count += 1)}.json`), to = upstreamUrl): Promise<string> {
  const proxy = new ProxyServer({ upstream: to, book: new SplitBook(path), key, log: keepingLogger() });
  open.push(proxy);
  return proxy.listen('127.0.0.1', 0);
}

const chat = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const setSplit = (url: string, body: object = split): Promise<Response> =>
  fetch(`${url}/lathe/splits/support`, { method: 'PUT', headers: { ...auth, 'content-type': 'application/json' }, body: JSON.stringify(body) });
const figures = async (url: string) => SplitReports.parse(await (await fetch(`${url}/lathe/splits`, { headers: auth })).json()).splits[0];

function* endless(): Generator<string> {
  for (;;) yield 'more';
}

beforeAll(async () => {
  upstream = fastify();
  upstream.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  upstream.post('/v1/chat/completions', async (request, reply) => {
    const body = request.body as { model: string; stream?: boolean; fail?: 'status' | 'stream' | 'cut' | 'never' };
    reply.raw.on('close', () => (closed += 1));
    if (body.fail === 'status') return reply.status(500).send({ error: { message: 'no' } });
    if (body.stream !== true) return { model: body.model, seen: request.headers.authorization ?? null, body };
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of body.fail === 'never' ? endless() : ['one', 'two']) {
      if (reply.raw.destroyed) return reply;
      reply.raw.write(`data: {"text":"${piece}"}\n\n`);
      await pause(50);
    }
    if (body.fail === 'stream') reply.raw.write('data: {"error":{"message":"no"}}\n\n');
    if (body.fail === 'cut') reply.raw.destroy();
    else reply.raw.end('data: [DONE]\n\n');
    return reply;
  });
  upstream.post('/raw', (request) => ({ bytes: [...(request.body as Buffer)], type: request.headers['content-type'] }));
  upstream.get('/v1/models', (request) => ({ data: [], query: request.query }));
  upstreamUrl = await upstream.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((proxy) => proxy.close(500)));
});
afterAll(() => upstream.close());

describe('a proxy', () => {
  it('gives each caller the side that is theirs, and keeps everything else of the request', async () => {
    const url = await startProxy();
    await setSplit(url);
    for (const user of ['caller-1', 'caller-2', 'caller-3', 'caller-4', 'caller-5', 'caller-6']) {
      const answer = await chat(
        url,
        { model: 'support', user, seed: 7, messages: [{ role: 'user', content: 'é' }] },
        { authorization: 'Bearer of the server' },
      );
      const model = split[chooseSide(split, `user ${user}`)];
      expect(await answer.json()).toEqual({
        model,
        seen: 'Bearer of the server',
        body: { model, user, seed: 7, messages: [{ role: 'user', content: 'é' }] },
      });
      expect(answer.headers.get('x-lathe-served-by')).toBe(model);
    }
  });

  it('lets through what is not split: other models, other paths, other bodies', async () => {
    const url = await startProxy();
    await setSplit(url);
    expect(await (await chat(url, { model: 'other' })).json()).toMatchObject({ model: 'other' });
    expect(await (await fetch(`${url}/v1/models?filter=a`)).json()).toEqual({ data: [], query: { filter: 'a' } });
    const raw = await fetch(`${url}/raw`, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array([0, 255, 128]) });
    expect(await raw.json()).toEqual({ bytes: [0, 255, 128], type: 'application/octet-stream' });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });

  it('streams as the server streams', async () => {
    const url = await startProxy();
    await setSplit(url);
    const answer = await chat(url, { model: 'support', user: 'a', stream: true });
    const pieces: string[] = [];
    for await (const piece of answer.body ?? []) pieces.push(Buffer.from(piece as Uint8Array).toString());
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe('data: {"text":"one"}\n\ndata: {"text":"two"}\n\ndata: [DONE]\n\n');
  });

  it('counts each side: what failed in its status, within a stream, or broke off', async () => {
    const url = await startProxy();
    await setSplit(url, { ...split, share: 100 });
    await (await chat(url, { model: 'support', user: 'a' })).text();
    for (const fail of ['status', 'stream', 'cut'])
      await (await chat(url, { model: 'support', fail, stream: fail !== 'status' })).text().catch(() => undefined);
    await expect.poll(async () => (await figures(url))?.new).toMatchObject({ requests: 4, failures: 3 });
    const report = await figures(url);
    expect(report?.previous.requests).toBe(0);
    expect(report?.new.total_ms?.p95).toBeGreaterThan(0);
  });

  it('lets the server stop where a client goes away, and holds it against nobody', async () => {
    const url = await startProxy();
    await setSplit(url, { ...split, share: 100 });
    const stop = new AbortController();
    const body = JSON.stringify({ model: 'support', stream: true, fail: 'never' });
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: stop.signal });
    await answer.body?.getReader().read();
    const before = closed;
    stop.abort();
    await expect.poll(() => closed, { timeout: 5_000 }).toBe(before + 1);
    expect((await figures(url))?.new).toMatchObject({ requests: 0, failures: 0 });
  });

  it('says so where the server is not there', async () => {
    const url = await startProxy(undefined, 'http://127.0.0.1:9');
    await setSplit(url);
    const answer = await chat(url, { model: 'support', user: 'a' });
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'UPSTREAM_FAILED', type: 'proxy_error' } }]);
  });
});

describe('its splits', () => {
  it('need the key', async () => {
    const url = await startProxy();
    for (const headers of [{}, { authorization: 'Bearer another' }]) expect((await fetch(`${url}/lathe/splits`, { headers })).status).toBe(401);
    expect((await fetch(`${url}/lathe/health`)).status).toBe(200);
    expect((await fetch(`${url}/lathe/unknown`)).status).toBe(404);
  });

  it.each([{ ...split, share: 101 }, { share: 5 }, []])('are refused where they are none: %j', async (body) => {
    const url = await startProxy();
    const answer = await setSplit(url, body);
    expect(answer.status).toBe(422);
    expect((await figures(url)) ?? null).toBeNull();
  });

  it('hold over a restart, until they are cleared', async () => {
    const path = join(folder, 'kept.json');
    const url = await startProxy(path);
    await setSplit(url, { ...split, share: 100 });
    await Promise.all(open.splice(0).map((proxy) => proxy.close(500)));
    const again = await startProxy(path);
    expect(await (await chat(again, { model: 'support' })).json()).toMatchObject({ model: 'support-2' });
    await fetch(`${again}/lathe/splits/support`, { method: 'DELETE', headers: auth });
    expect(await (await chat(again, { model: 'support' })).json()).toMatchObject({ model: 'support' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ splits: [] });
  });

  it('begin anew in their figures with another version, and go on with another share', async () => {
    const url = await startProxy();
    await setSplit(url, { ...split, share: 100 });
    await (await chat(url, { model: 'support' })).text();
    await expect.poll(async () => (await figures(url))?.new.requests).toBe(1);
    await setSplit(url, { ...split, share: 50 });
    expect((await figures(url))?.new.requests).toBe(1);
    await setSplit(url, { ...split, new: 'support-3' });
    expect((await figures(url))?.new.requests).toBe(0);
  });

  it('are not forgotten where their file is damaged', () => {
    const path = join(folder, 'damaged.json');
    writeFileSync(path, '{"splits": 1}');
    expect(() => new SplitBook(path)).toThrow(expect.objectContaining({ code: 'SPLITS_INVALID' }));
  });
});
