/** A deployment's splitter against a real proxy. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProxyServer } from '../../main/proxy/proxy-server.ts';
import { SplitBook } from '../../main/proxy/split-book.ts';
import { RemoteServer } from '../../main/services/deploy/localai/remote-server.ts';
import { proxySplitter } from '../../main/services/deploy/proxy-splitter.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const key = 'a key of sixteen characters';
const patience = { signal: new AbortController().signal };
const split = { alias: 'support', previous: 'v1', new: 'v2', share: 25 };
let proxy: ProxyServer;
let url: string;

const splitter = (given: string) => proxySplitter(new RemoteServer({ server: { name: 'proxy', url }, caFile: null, key: () => Promise.resolve(given) }));

beforeAll(async () => {
  proxy = new ProxyServer({ upstream: 'http://127.0.0.1:9', book: new SplitBook(join(temporaryFolder(), 'splits.json')), key, log: keepingLogger() });
  url = await proxy.listen('127.0.0.1', 0);
});
afterAll(() => proxy.close(500));

it('sets a split, reads it, and takes it away', async () => {
  const own = splitter(key);
  expect(await own.find('support', patience)).toBeNull();
  await own.set(split, patience);
  expect(await own.find('support', patience)).toMatchObject({ split, new: { requests: 0 } });
  await own.clear('support', patience);
  expect(await own.find('support', patience)).toBeNull();
});

it('says that the key is the wrong one', async () => {
  await expect(splitter('another').set(split, patience)).rejects.toMatchObject({ code: 'REMOTE_DENIED' });
});

it('says what a proxy does not take', async () => {
  await expect(splitter(key).set({ ...split, share: 101 }, patience)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
});
