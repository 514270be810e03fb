import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { EventHub } from '../services/event-hub.ts';
import { EventLog } from './event-log.ts';
import { streamEvents, type StreamRequest } from './event-stream.ts';

/** A server that streams what the hub tells, and a listener to it. */
async function streaming() {
  const hub = new EventHub(keepingLogger());
  const log = new EventLog(hub);
  const closers: (() => void)[] = [];
  let asked: StreamRequest = { lastEventId: null, wants: () => true };
  const server = createServer((_, response) => closers.push(streamEvents(response, log, asked))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const listen = async (said: Partial<StreamRequest> = {}): Promise<{ response: IncomingMessage; text: () => string }> => {
    asked = { ...asked, ...said };
    const [response] = (await once(get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }), 'response')) as [IncomingMessage];
    let text = '';
    response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    response.on('error', () => undefined);
    return { response, text: () => text };
  };
  return { hub, log, listen, close: () => closers.forEach((close) => close()), publish: (run: string) => hub.publish({ event: 'run.removed', data: { run } }) };
}
const eventsIn = (text: string): string[] => [...text.matchAll(/^(?:event|data): (.*)$/gm)].map(([, value]) => value ?? '');

describe('a stream of events', () => {
  it('begins with a word that it stands, then tells what happens, until its end is said', async () => {
    const { listen, log, publish, close } = await streaming();
    const { response, text } = await listen({ headers: { 'x-more': 'yes' } });
    expect([response.headers['content-type'], response.headers['cache-control'], response.headers['x-more']]).toEqual(['text/event-stream', 'no-store', 'yes']);
    await expect.poll(text).toBe(`id: ${log.lastId}\nevent: ready\ndata: {}\n\n`);
    publish('a');
    close();
    await once(response, 'end');
    expect(eventsIn(text())).toEqual(['ready', '{}', 'run.removed', '{"run":"a"}', 'closing', '{}']);
  });

  it('goes on where one broke off, or says that too much was missed', async () => {
    const { listen, log, publish } = await streaming();
    const before = log.lastId;
    publish('a');
    publish('b');
    const missed = await listen({ lastEventId: before });
    await expect.poll(() => eventsIn(missed.text())).toEqual(['run.removed', '{"run":"a"}', 'run.removed', '{"run":"b"}']);
    const strange = await listen({ lastEventId: 'other-7' });
    await expect.poll(() => eventsIn(strange.text())).toEqual(['reset', '{}']);
    expect(strange.text()).toContain(`id: ${log.lastId}\n`);
  });

  it('tells only what its listener wants', async () => {
    const { listen, publish } = await streaming();
    const { text } = await listen({ wants: ({ run }) => run === 'mine' });
    await expect.poll(text).toContain('ready');
    for (const run of ['theirs', 'mine']) publish(run);
    await expect.poll(() => eventsIn(text()).slice(2)).toEqual(['run.removed', '{"run":"mine"}']);
  });

  it('lets a listener go that does not read, and harms no other', async () => {
    const { listen, publish } = await streaming();
    const [deaf, good] = [await listen(), await listen()];
    deaf.response.pause();
    let isGone = false;
    deaf.response.on('close', () => (isGone = true));
    const long = 'x'.repeat(100_000);
    for (let i = 0; i < 200; i += 1) {
      publish(`${i} ${long}`);
      await new Promise(setImmediate);
    }
    await expect.poll(() => good.text().length, { timeout: 10_000 }).toBeGreaterThan(200 * long.length);
    deaf.response.resume();
    await expect.poll(() => isGone).toBe(true);
    expect(deaf.text()).not.toContain('closing');
    expect(deaf.text().length).toBeLessThan(200 * long.length);
  });
});
