/** What a connection does when it is slow, cut, endless or not trusted, and where the key goes. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../../test/support/self-signed.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { RemoteServer, type RemoteCall } from './remote-server.ts';

const folder = temporaryFolder();
const trusted = selfSigned(folder);
const servers: Server[] = [];
afterEach(() => {
  servers.splice(0).forEach((server) => server.close());
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serving(
  answer: Answer,
  { tls = false, ca = null, key = 'the-key' }: { tls?: boolean; ca?: string | null; key?: string | null } = {},
): Promise<RemoteServer> {
  const server = tls && trusted !== null ? createTlsServer({ cert: trusted.certificate, key: trusted.key }, answer) : createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return new RemoteServer({ server: { name: 'one', url }, caFile: ca, key: () => Promise.resolve(key) });
}

const get = (changes: Partial<RemoteCall> = {}): RemoteCall => ({ method: 'GET', path: '/x', signal: new AbortController().signal, ...changes });

async function linesOf(remote: RemoteServer, call: RemoteCall): Promise<string[]> {
  const lines = await remote.stream(call);
  if ('status' in lines) return [String(lines.status), lines.text];
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('a call', () => {
  it('carries the key in its header, and says which deployment it belongs to', async () => {
    const seen: IncomingMessage[] = [];
    const remote = await serving((request, response) => {
      seen.push(request);
      response.end('{}');
    });
    await remote.send(get({ correlation: 'd-1' }));
    await remote.send(get({ open: true }));
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer the-key', 'x-correlation-id': 'd-1' });
    expect(seen[1]?.headers['authorization']).toBeUndefined();
    expect(seen[1]?.headers['x-correlation-id']).toMatch(/^lathe-/);
    expect(seen.map(({ url }) => url)).toEqual(['/x', '/x']);
  });

  it('is sent again only where that is safe', async () => {
    let asked = 0;
    const remote = await serving((request, response) => {
      asked++;
      if (asked < 3) request.destroy();
      else response.end('{}');
    });
    expect(await remote.send(get({ again: true }))).toMatchObject({ status: 200 });
    expect(asked).toBe(3);
    asked = 0;
    await expect(remote.send(get({ method: 'POST' }))).rejects.toMatchObject({
      code: 'REMOTE_UNREACHABLE',
      message: expect.stringContaining('the connection was cut') as string,
    });
    expect(asked).toBe(1);
  });

  it('ends at its time limit, also in the middle of an answer', async () => {
    const remote = await serving((_, response) => void response.write('{'));
    await expect(remote.send(get({ answerMs: 100 }))).rejects.toMatchObject({
      code: 'REMOTE_UNREACHABLE',
      message: expect.stringContaining('within 0.1 s') as string,
    });
  });

  it('ends with what the signal says', async () => {
    const remote = await serving(() => undefined);
    const stop = new AbortController();
    const sent = remote.send(get({ signal: stop.signal, again: true }));
    stop.abort(new Error('enough'));
    await expect(sent).rejects.toThrow('enough');
  });

  it('takes no endless answer, and follows nowhere', async () => {
    const endless = await serving((_, response) => {
      const pour = (): void => {
        while (response.write('x'.repeat(1 << 20)));
        response.once('drain', pour);
      };
      pour();
    });
    await expect(endless.send(get())).rejects.toMatchObject({ code: 'REMOTE_ANSWER_INVALID', message: expect.stringContaining('16 MiB') as string });
    const elsewhere = await serving((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end());
    expect(await elsewhere.send(get())).toMatchObject({ status: 302 });
  });

  it('does not take half an answer for a whole one', async () => {
    const remote = await serving((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{}');
      setImmediate(() => response.destroy());
    });
    await expect(remote.send(get())).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' });
  });

  it('says why nobody answers', async () => {
    const remote = await serving(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    await expect(remote.send(get())).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE', message: expect.stringContaining('nothing listens there') as string });
    const unknown = new RemoteServer({ server: { name: 'one', url: 'http://no-such-host.invalid' }, caFile: null, key: () => Promise.resolve(null) });
    await expect(unknown.send(get())).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' });
  });
});

describe('a stream', () => {
  it('comes in lines, whatever its pieces are', async () => {
    const remote = await serving((_, response) => {
      response.write('data: on');
      response.write('e\n\ndata: tw');
      response.end('o');
    });
    expect(await linesOf(remote, get())).toEqual(['data: one', '', 'data: two']);
  });

  it('ends where it falls silent, not where it is long', async () => {
    const remote = await serving((_, response) => {
      let count = 0;
      const timer = setInterval(() => {
        if (count++ < 8) response.write(`${String(count)}\n`);
        else clearInterval(timer);
      }, 60);
    });
    await expect(linesOf(remote, get({ answerMs: 300 }))).rejects.toMatchObject({
      code: 'REMOTE_UNREACHABLE',
      message: expect.stringContaining('within 0.3 s') as string,
    });
  });

  it('that is cut says so', async () => {
    const remote = await serving((_, response) => {
      response.write('data: one\n');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(linesOf(remote, get())).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' });
  });

  it('gives the whole answer where it is a refusal', async () => {
    const remote = await serving((_, response) => response.writeHead(503).end('busy'));
    expect(await linesOf(remote, get())).toEqual(['503', 'busy']);
  });
});

describe.skipIf(trusted === null)(`with TLS${trusted === null ? ' (SKIPPED: no openssl)' : ''}`, () => {
  const answer: Answer = (_, response) => response.end('{}');

  it('trusts the authority that the target names, and no other', async () => {
    expect(await (await serving(answer, { tls: true, ca: trusted?.authorityFile ?? '' })).send(get())).toMatchObject({ status: 200 });
    await expect((await serving(answer, { tls: true })).send(get())).rejects.toMatchObject({
      code: 'REMOTE_UNREACHABLE',
      message: expect.stringContaining('ca_file') as string,
    });
  });

  it('says that the file of authorities is missing', async () => {
    await expect((await serving(answer, { tls: true, ca: join(folder, 'none.pem') })).send(get())).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  it('says that nobody speaks TLS there', async () => {
    const remote = await serving(answer);
    const secure = new RemoteServer({ server: { name: 'one', url: remote.url.replace('http:', 'https:') }, caFile: null, key: () => Promise.resolve(null) });
    await expect(secure.send(get())).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE', message: expect.stringMatching(/TLS|cut/) as string });
  });
});
