import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { ownFolder } from '../../test/support/empty-store.ts';
import { attachedDoor, isAnswering, type Address } from './attached-door.ts';

/** What answers at a socket, however it likes. */
async function host(answer: RequestListener): Promise<Address> {
  const home = ownFolder();
  const socket = join(home, 's.sock');
  const server = createServer(answer).listen(socket);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { home, socket, secret: 'the secret' };
}
const saying =
  (value: unknown): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify(value));
const gone = expect.objectContaining({ code: 'HOST_GONE' });

describe('a call', () => {
  it('carries the secret and the input, and brings the answer or the error of the host', async () => {
    const seen: unknown[] = [];
    const address = await host((request, response) => {
      request.setEncoding('utf8').on('data', (body) => seen.push(request.url, request.headers.authorization, body));
      request.on('end', () => response.end(JSON.stringify({ ok: false, error: { code: 'RUN_UNKNOWN', facts: { run: 'x', place: '/p' } } })));
    });
    await expect(attachedDoor(address).call('runs.get', { run: 'x' })).rejects.toMatchObject({
      code: 'RUN_UNKNOWN',
      facts: { run: 'x' },
      message: expect.stringContaining('x'),
    });
    expect(seen).toEqual(['/call/runs.get', 'Bearer the secret', '{"run":"x"}']);
    const fine = await host(saying({ ok: true, value: { tokens: [] } }));
    expect(await attachedDoor(fine).call('tokens.list', {})).toEqual({ tokens: [] });
  });

  it.each<readonly [string, RequestListener]>([
    ['what is not in the contract', saying({ nonsense: true })],
    ['no JSON', (_, response) => void response.end('oops')],
    ['half an answer', (_, response) => (response.writeHead(200, { 'content-length': '999' }), response.write('{'), setTimeout(() => response.destroy(), 20))],
    ['nothing, and shuts the door', (_, response) => void response.destroy()],
  ])('to a host that says %s finds it gone', async (_, answer) => {
    await expect(attachedDoor(await host(answer)).call('tokens.list', {})).rejects.toEqual(gone);
  });

  it('to nobody finds that nothing was begun', async () => {
    const home = ownFolder();
    const address = { home, socket: join(home, 'none.sock'), secret: 'x' };
    await expect(attachedDoor(address).call('tokens.list', {})).rejects.toMatchObject({ code: 'HOST_ENDING' });
    expect(await isAnswering(address, 100)).toBe(false);
  });
});

it('does not wait for a host that takes connections and says nothing', async () => {
  const address = await host(() => undefined);
  const start = performance.now();
  expect(await isAnswering(address, 100)).toBe(false);
  expect(performance.now() - start).toBeLessThan(5_000);
});

describe('a listener', () => {
  async function listening() {
    let stream: ServerResponse | undefined;
    const address = await host((_, response) => {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('id: h-0\nevent: ready\ndata: {}\n\n');
    });
    const door = attachedDoor(address);
    const heard: CoreEvent[] = [];
    let wentAway = 0;
    const stop = await door.subscribe(
      (event) => heard.push(event),
      () => (wentAway += 1),
    );
    if (stream === undefined) throw new Error('nobody came');
    return { door, heard, stop, stream, wentAway: () => wentAway };
  }

  it('hears what is in the contract, and passes over the rest', async () => {
    const { heard, stream } = await listening();
    stream.write(': still here\n\nevent: from.the.future\ndata: {}\n\nevent: run.removed\ndata: {"nonsense":1}\n\nevent: toString\ndata: {}\n\n');
    stream.write('id: h-1\nevent: run.removed\ndata: {"run":');
    stream.write('"a"}\n\n');
    await expect.poll(() => heard).toEqual([{ event: 'run.removed', data: { run: 'a' } }]);
  });

  it('is told when the host goes, once', async () => {
    const { stream, wentAway } = await listening();
    stream.destroy();
    await expect.poll(wentAway).toBe(1);
  });

  it('that ends by itself, or with the door, is told nothing', async () => {
    for (const how of ['stop', 'close'] as const) {
      const { door, stop, stream, wentAway } = await listening();
      if (how === 'stop') stop();
      else await door.close();
      await once(stream, 'close');
      expect(wentAway()).toBe(0);
    }
  });
});
