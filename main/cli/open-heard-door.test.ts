import { expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Door } from '../core/door.ts';
import { openHeardDoor } from './open-heard-door.ts';

const gone = (): AppError => new AppError('HOST_GONE', { home: '/h', problem: 'write EPIPE' });

/** Doors in the order in which they are opened; each fails as told, or not at all. */
function hostOf(...failures: readonly (Error | null)[]): { openDoor: () => Promise<Door>; closed: () => number; opened: () => number } {
  let [opened, closed] = [0, 0];
  return {
    openDoor: () => {
      const failure = failures[opened] ?? null;
      opened += 1;
      const close = (): Promise<void> => Promise.resolve(void (closed += 1));
      const subscribe = (): Promise<() => void> => (failure === null ? Promise.resolve(() => undefined) : Promise.reject(failure));
      return Promise.resolve({ isOwn: false, subscribe, call: () => Promise.resolve({}), close } as unknown as Door);
    },
    closed: () => closed,
    opened: () => opened,
  };
}

it('seeks the door anew where the host was just ending', async () => {
  const host = hostOf(gone(), null);
  await expect(openHeardDoor(host)).resolves.toBeDefined();
  expect([host.opened(), host.closed()]).toEqual([2, 1]);
});

it('gives up after some tries, and at once where something else is wrong', async () => {
  const ending = hostOf(gone(), gone(), gone(), gone());
  await expect(openHeardDoor(ending)).rejects.toMatchObject({ code: 'HOST_GONE' });
  expect([ending.opened(), ending.closed()]).toEqual([3, 3]);
  const other = hostOf(new Error('no'));
  await expect(openHeardDoor(other)).rejects.toThrow('no');
  expect(other.opened()).toBe(1);
});
