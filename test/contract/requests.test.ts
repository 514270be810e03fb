/** Requests twice, too late, cut off and in the middle of an end: keys, revisions, streams that go on, limits, graceful shutdown. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../shared/contracts/run-calls.ts';
import { hostOfTests, supportRows } from '../support/host-of-tests.ts';
import { HttpHost, type SseEvent } from '../support/http-host.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const host = await hostOfTests(folder);

const body = { model_name: 'lathe-base', dataset_name: 'support', config: { max_steps: 2 }, cpu_optimization: { num_workers: 1 } };
const runsOf = async (): Promise<Run[]> => (await host.post('/v1/calls/runs.list', {})).json()['runs'] as Run[];
const isEnd = ({ event, data }: SseEvent): boolean => event === 'run.changed' && data['state'] === 'done';

describe('idempotency keys', { timeout: 60_000 }, () => {
  const headers = { 'idempotency-key': 'order-1' };

  it('answer as before and do nothing twice', async () => {
    const before = (await runsOf()).length;
    const first = await host.post('/v1/training/start', body, { headers });
    const again = await host.post('/v1/training/start', body, { headers });
    expect([first.status, again.status, again.text]).toEqual([202, 202, first.text]);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([undefined, 'true']);
    expect([again.headers.location, again.headers.etag]).toEqual([first.headers.location, first.headers.etag]);
    expect((await runsOf()).length).toBe(before + 1);
  });

  it('refuse another body, path or odd key', async () => {
    const other = await host.post('/v1/training/start', { ...body, priority: 1 }, { headers });
    expect([other.status, other.json()['code']]).toEqual([422, 'KEY_REUSED']);
    expect((await host.post('/v1/calls/runs.list', body, { headers })).json()['code']).toBe('KEY_REUSED');
    for (const key of ['a b', 'x'.repeat(201)])
      expect((await host.post('/v1/training/start', body, { headers: { 'idempotency-key': key } })).json()).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('are each caller’s own', async () => {
    const { token } = (await host.post('/v1/calls/tokens.create', { name: 'another', role: 'trainer' })).json();
    const answer = await host.post('/v1/training/start', body, { headers, token: String(token) });
    expect([answer.status, answer.headers['idempotency-replayed']]).toEqual([202, undefined]);
  });

  it('do one thing when asked at once, and are free again after a refusal', async () => {
    const before = (await runsOf()).length;
    const many = await Promise.all(Array.from({ length: 8 }, () => host.post('/v1/training/start', body, { headers: { 'idempotency-key': 'at-once' } })));
    expect(many.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect((await runsOf()).length).toBe(before + 1);
    const key = { headers: { 'idempotency-key': 'second-try' } };
    expect((await host.post('/v1/training/start', { ...body, dataset_name: 'later' }, key)).status).toBe(404);
    host.addDataset('later', supportRows);
    expect((await host.post('/v1/training/start', { ...body, dataset_name: 'later' }, key)).status).toBe(202);
  });

  it('are refused where the answer is a secret, which is kept nowhere', async () => {
    const answer = await host.post('/v1/calls/tokens.create', { name: 'keyed', role: 'viewer' }, { headers });
    expect(answer.json()).toMatchObject({ code: 'INPUT_INVALID', detail: 'Idempotency-Key: this answer holds a secret and is not kept' });
  });
});

describe('odd requests', { timeout: 60_000 }, () => {
  it('with a path that cannot be decoded are answered as any other', async () => {
    for (const path of ['/v1/training/status/%ff', '/%', '/v1/registry/models/a/%c3%28']) {
      const answer = await host.ask(path);
      const { status, headers } = answer;
      expect([status, headers['content-type'], headers['x-content-type-options']]).toEqual([404, 'application/problem+json; charset=utf-8', 'nosniff']);
      expect(answer.json()['code']).toBe('ROUTE_UNKNOWN');
    }
    expect((await host.ask('/%ff', { headers: { host: 'elsewhere.example' } })).json()['code']).toBe('HOST_FOREIGN');
  });

  it('may name the type of a body that they do not have', async () => {
    expect((await host.post('/v1/calls/runs.list', '')).status).toBe(200);
    expect((await host.post('/v1/training/start', '')).json()).toMatchObject({ code: 'INPUT_INVALID', detail: expect.stringContaining('body.model_name') });
    expect((await host.post('/v1/training/start', '{')).json()['code']).toBe('BODY_UNREADABLE');
    expect((await host.post('/v1/calls/runs.list', '{"__proto__": {"limit": 1}}')).json()['code']).toBe('BODY_UNREADABLE');
  });

  it('for the events of a run that is not there are refused, since nothing would come', async () => {
    const refused = await host.ask('/v1/events?run=nobody');
    expect([refused.status, refused.json()['code']]).toEqual([404, 'RUN_UNKNOWN']);
  });
});

describe('revisions', { timeout: 60_000 }, () => {
  it('save an answer, and refuse a change of what has changed', async () => {
    const { id } = (await host.post('/v1/training/start', { ...body, priority: -100 })).json();
    const path = `/v1/training/status/${String(id)}`;
    const { headers } = await host.ask(path);
    const unchanged = await host.ask(path, { headers: { 'if-none-match': String(headers.etag) } });
    expect([304, 200]).toContain(unchanged.status);
    expect(unchanged.status === 304 ? unchanged.text : '').toBe('');
    const stale = await host.post(`/v1/training/stop/${String(id)}`, {}, { headers: { 'if-match': '"999999"' } });
    expect([stale.status, stale.json()['code']]).toEqual([412, 'PRECONDITION_FAILED']);
    expect((await host.post('/v1/calls/runs.stop', { run: id }, { headers: { 'if-match': '"999999"' } })).status).toBe(412);
    expect((await host.post(`/v1/training/stop/${String(id)}`, {}, { headers: { 'if-match': 'seven' } })).status).toBe(422);
    expect((await host.post(`/v1/training/stop/${String(id)}`, {}, { headers: { 'if-match': '*' } })).status).toBe(202);
  });
});

describe('pages of a list', () => {
  it('follow each other without gap or double', async () => {
    const all = (await runsOf()).map(({ run }) => run);
    const seen: string[] = [];
    for (let after: unknown = null, pages = 0; pages < 50; pages += 1) {
      const page = (await host.post('/v1/calls/runs.list', { limit: 2, after })).json();
      seen.push(...(page['runs'] as Run[]).map(({ run }) => run));
      after = page['next'];
      if (after === null) break;
    }
    expect(seen).toEqual(all);
  });
});

describe('events', { timeout: 120_000 }, () => {
  it('go on after the last that was heard, with none lost or told twice', async () => {
    const whole = host.events('/v1/events', (event) => isEnd(event) && event.data['run'] === id);
    let id = '';
    id = String((await host.post('/v1/training/start', body)).json()['id']);
    const all = await whole;
    const middle = all[Math.floor(all.length / 2)];
    const rest = await host.events('/v1/events', ({ id: each }) => each === all.at(-1)?.id, { headers: { 'last-event-id': middle?.id ?? '' } });
    expect(rest).toEqual(all.slice(all.indexOf(middle as SseEvent) + 1));
  });

  it.for(['nothing', 'deadbeef-4', '-', '../..', '9'.repeat(100)])('say that too much was missed after %s', async (last) => {
    const [first] = await host.events('/v1/events', () => true, { headers: { 'last-event-id': last } });
    expect(first?.event).toBe('reset');
  });

  it('are of one run or one kind where that is asked for', async () => {
    expect((await host.ask('/v1/events?events=run.changed,token.made')).status).toBe(422);
    const heard = host.events('/v1/events?events=run.removed', ({ event }) => event === 'run.removed');
    const [last] = (await runsOf()).filter(({ state }) => state === 'done');
    await host.post('/v1/calls/runs.remove', { run: last?.run });
    expect((await heard).map(({ event }) => event)).toEqual(['ready', 'run.removed']);
  });
});

describe('an end', { timeout: 60_000 }, () => {
  it('tells the streams, answers what is being asked, and lets nobody in', async () => {
    const listening = host.events('/v1/events', () => false);
    const text = JSON.stringify({ limit: 1 });
    const socket: Socket = connect(host.port, '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /v1/calls/runs.list HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.admin}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`;
    socket.write(head + text.slice(0, 3));
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
    await host.ask('/health');
    const start = performance.now();
    const ended = host.end();
    expect((await listening).at(-1)?.event).toBe('closing');
    socket.write(text.slice(3));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect((await ended).code).toBe(0);
    // Not when the time is up that an end waits for what is being asked.
    expect(performance.now() - start).toBeLessThan(8_000);
    await expect(host.ask('/health')).rejects.toThrow('ECONNREFUSED');
    expect(readFileSync(join(host.home, 'token'), 'utf8').trim()).toBe(host.admin);
  });

  it('leaves tokens as they were for the next host', async () => {
    const next = await HttpHost.start(host.home);
    try {
      expect(next.admin).toBe(host.admin);
      expect((await next.ask('/metrics')).status).toBe(200);
      expect((await next.post('/v1/training/start', body, { headers: { 'idempotency-key': 'order-1' } })).headers['idempotency-replayed']).toBe('true');
    } finally {
      await next.kill();
    }
  });
});
