/** Who gets an offered file, how much of it, and until when. */
import { randomBytes } from 'node:crypto';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { isLoopback, plainAddress, routeTo, servingAddress } from './addresses.ts';
import { ArtifactHost, type Offer, type Offered } from './artifact-host.ts';
import { OfferedFile, pieceOf } from './offered-file.ts';

const folder = temporaryFolder();
const content = randomBytes(300_000);
const path = join(folder, 'adapter.gguf');
writeFileSync(path, content);
const host = new ArtifactHost();
afterEach(() => host.close());

const offer = (changes: Partial<Offer> = {}): Promise<Offered> =>
  host.offer({
    path,
    bytes: statSync(path).size,
    fileName: 'a b.gguf',
    server: { name: 'one', url: 'http://127.0.0.1:8080' },
    delivery: { address: null, port: 0 },
    ...changes,
  });

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

/** A path as it is written, which `fetch` would clean up. */
function statusOf(url: string, rawPath: string, method = 'GET'): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ host: hostname, port, path: rawPath, method, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('an offered file', () => {
  it('is given whole, by its head and in parts, and counts how much was taken', async () => {
    const offered = await offer();
    expect(offered.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/a%20b\.gguf$/);
    await offered.prove(AbortSignal.timeout(5_000));
    expect([offered.requests(), offered.share()]).toEqual([0, 0]);
    const head = await fetch(offered.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual([200, '300000', 'bytes']);
    const part = await fetch(offered.url, { headers: { range: 'bytes=100-199' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/300000']);
    expect((await bytesOf(part)).equals(content.subarray(100, 200))).toBe(true);
    expect(offered.share()).toBeLessThan(0.6);
    expect((await bytesOf(await fetch(offered.url, { headers: { range: 'bytes=299990-' } }))).equals(content.subarray(299_990))).toBe(true);
    expect((await bytesOf(await fetch(offered.url))).equals(content)).toBe(true);
    expect([offered.requests(), offered.share()]).toEqual([4, 1]);
    expect((await fetch(offered.url, { headers: { range: 'bytes=300000-' } })).status).toBe(416);
  });

  it('is nowhere else, at once', async () => {
    const { url } = await offer();
    const { pathname } = new URL(url);
    const others = [
      '/',
      '/a%20b.gguf',
      `${pathname}/`,
      `${pathname}?x`,
      `/..${pathname}`,
      `${pathname}/../../../etc/passwd`,
      pathname.replace('a%20b', 'a+b'),
      pathname.slice(0, -3),
      '//',
      '/%2e%2e/%2e%2e/etc/passwd',
    ];
    const started = Date.now();
    for (const other of others) expect([other, await statusOf(url, other)]).toEqual([other, 404]);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(await statusOf(url, pathname, 'POST')).toBe(405);
  });

  it('is gone when it is closed, also for who is in the middle of it', async () => {
    const [one, two] = [await offer(), await offer()];
    expect(new URL(one.url).port).toBe(new URL(two.url).port);
    await one.close();
    expect((await fetch(one.url)).status).toBe(404);
    expect((await fetch(two.url)).status).toBe(200);
    await two.close();
    await two.close();
    await expect(fetch(two.url)).rejects.toThrow();
  });

  it('is gone when its time is over', async () => {
    const { url } = await offer({ expiresMs: 50 });
    await expect
      .poll(() =>
        fetch(url).then(
          () => 'there',
          () => 'gone',
        ),
      )
      .toBe('gone');
  });

  it('is given to the addresses of its server alone, and says who else asked', async () => {
    const { url, requests, story } = await offer({ server: { name: 'one', url: 'http://192.0.2.7' }, delivery: { address: '127.0.0.1', port: 0 } });
    expect((await fetch(url)).status).toBe(404);
    expect(requests()).toBe(0);
    expect(story()).toContain('127.0.0.1');
  });

  it('cuts the connection where the file became shorter', async () => {
    const shrinking = join(folder, 'shrinking.gguf');
    writeFileSync(shrinking, content);
    const { url } = await offer({ path: shrinking, bytes: content.length });
    truncateSync(shrinking, 1_000);
    await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow();
  });

  it('says where it cannot be offered', async () => {
    await expect(offer({ path: join(folder, 'none.gguf') })).rejects.toMatchObject({ code: 'FILE_MISSING' });
    const { port } = new URL((await offer()).url);
    const other = new ArtifactHost();
    const taken = other.offer({
      path,
      bytes: content.length,
      fileName: 'a.gguf',
      server: { name: 'one', url: 'http://127.0.0.1' },
      delivery: { address: null, port: Number(port) },
    });
    await expect(taken).rejects.toMatchObject({ code: 'ARTIFACT_UNSERVABLE', message: expect.stringContaining('is in use') as string });
    await expect(offer({ server: { name: 'one', url: 'http://no-such-host.invalid' } })).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' });
  });
});

describe('a range', () => {
  it.each([
    [undefined, 200, 0, 10],
    ['bytes=0-', 206, 0, 10],
    ['bytes=3-5', 206, 3, 6],
    ['bytes=3-99', 206, 3, 10],
    ['bytes=-4', 206, 6, 10],
    ['bytes=-99', 206, 0, 10],
    ['bytes=10-', 416, 0, 0],
    ['bytes=5-3', 416, 0, 0],
    ['bytes=0-1,3-4', 200, 0, 10],
    ['lines=1-2', 200, 0, 10],
    ['bytes=-', 200, 0, 10],
  ] as const)('%s', (range, status, start, end) => {
    expect(pieceOf(range, 10)).toEqual({ status, start, end });
  });
});

describe('an address', () => {
  it('is the one that leads to the server', async () => {
    expect(await routeTo('127.0.0.1')).toBe('127.0.0.1');
    expect(await servingAddress({ name: 'one', url: 'http://localhost:1' }, null)).toMatchObject({
      bound: expect.stringMatching(/^(127[.]0[.]0[.]1|::1)$/) as string,
    });
    expect(await servingAddress({ name: 'one', url: 'http://127.0.0.1:1' }, 'tunnel.example')).toEqual({ shown: 'tunnel.example', bound: '127.0.0.1' });
  });

  it('is the same however a socket shows it', () => {
    expect([plainAddress('::ffff:10.0.0.1'), plainAddress('fe80::1%eth0')]).toEqual(['10.0.0.1', 'fe80::1']);
    expect([isLoopback('127.9.9.9'), isLoopback('::1'), isLoopback('10.0.0.1')]).toEqual([true, true, false]);
  });
});

it('a file that nobody is allowed is closed all the same', async () => {
  const file = await OfferedFile.open(path, { bytes: 1, isAllowed: () => false });
  await file.close();
  await file.close();
});
