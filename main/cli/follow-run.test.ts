import { expect, it } from 'vitest';
import type { Door } from '../core/door.ts';
import { trainThrough } from './commands/train.ts';
import type { Host } from './host.ts';

const run = { run: 'r', dir: '/r', state: 'done', step: 1, error: null, result: { run: 'r' } };

it('stays attached until the command has heard all it asks for, since the host ends when nobody listens', async () => {
  let isAttached = false;
  const door = {
    isOwn: false,
    subscribe: () => {
      isAttached = true;
      return Promise.resolve(() => void (isAttached = false));
    },
    call: () => (isAttached ? Promise.resolve(run) : Promise.reject(new Error('the host has gone'))),
    close: () => Promise.resolve(),
  } as unknown as Door;
  const host = { reporter: { event: () => undefined, close: () => undefined }, terminal: { err: () => undefined }, paths: { runs: '/' } } as unknown as Host;
  await expect(trainThrough(host, door, (each) => each.call('runs.start', { config: {} }))).resolves.toMatchObject({ result: { run: 'r' } });
  expect(isAttached).toBe(true);
});
