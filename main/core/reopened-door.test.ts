import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Door } from './door.ts';
import { reopenedDoor } from './reopened-door.ts';

const ending = new AppError('HOST_ENDING', { home: '/h', problem: 'connect ENOENT /s' });
const gone = new AppError('HOST_GONE', { home: '/h', problem: 'socket hang up' });
const fine = (): Promise<object> => Promise.resolve({ tokens: [] });

interface Doors {
  readonly open: () => Promise<Door>;
  readonly opened: () => number;
  readonly closed: () => number;
}

/** Doors in the order in which they are opened, each answering as told. */
function doors(...answers: readonly (() => Promise<object>)[]): Doors {
  let [opened, closed] = [0, 0];
  return {
    open: () => {
      const [call, isOwn] = [answers[opened] ?? fine, opened > 0];
      opened += 1;
      const subscribe = async (): Promise<() => void> => (await call(), () => undefined);
      return Promise.resolve({ isOwn, call, subscribe, close: () => Promise.resolve(void (closed += 1)) } as unknown as Door);
    },
    opened: () => opened,
    closed: () => closed,
  };
}

describe('a door to a host that is just ending', () => {
  it.each(['call', 'subscribe'] as const)('is sought anew until something is begun: %s', async (how) => {
    const there = doors(
      () => Promise.reject(ending),
      () => Promise.reject(ending),
    );
    const door = await reopenedDoor(there.open);
    expect(door.isOwn).toBe(false);
    await (how === 'call' ? door.call('tokens.list', {}) : door.subscribe(() => undefined));
    expect([door.isOwn, there.opened(), there.closed()]).toEqual([true, 3, 2]);
    await door.close();
    expect(there.closed()).toBe(3);
  });

  it('is sought once for all who find it shut', async () => {
    const there = doors(() => Promise.reject(ending));
    const door = await reopenedDoor(there.open);
    await Promise.all([door.call('tokens.list', {}), door.call('host.status', {}), door.subscribe(() => undefined)]);
    expect([there.opened(), there.closed()]).toEqual([2, 1]);
  });

  it('is no other for who listens there, until he listens no more', async () => {
    let isEnding = false;
    const there = doors(() => (isEnding ? Promise.reject(ending) : fine()));
    const door = await reopenedDoor(there.open);
    const stop = await door.subscribe(() => undefined);
    isEnding = true;
    await expect(door.call('tokens.list', {})).rejects.toMatchObject({ code: 'HOST_GONE', facts: ending.facts });
    stop();
    stop();
    await door.call('tokens.list', {});
    expect(there.opened()).toBe(2);
  });

  it('says what seeking another comes to', async () => {
    const busy = new AppError('HOME_BUSY', { home: '/h', pid: 1, what: 'serve' });
    const there = doors(() => Promise.reject(ending));
    const door = await reopenedDoor(() => (there.opened() === 0 ? there.open() : Promise.reject(busy)));
    await expect(door.call('tokens.list', {})).rejects.toBe(busy);
    await door.close();
  });
});

it('does not send again what may have been begun', async () => {
  const there = doors(() => Promise.reject(gone));
  const door = await reopenedDoor(there.open);
  await expect(door.call('tokens.list', {})).rejects.toBe(gone);
  expect(there.opened()).toBe(1);
});
