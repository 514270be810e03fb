/**
 * A door that is sought anew where its host was just ending and has begun nothing; this process may become the host then. Whoever listens at it has something
 * going on at that one host: nothing is sought for him, its end is told to him as it is.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import type { Door } from './door.ts';

/** How long a host that is ending may take for it. */
const patienceMs = 10_000;
const pauseMs = 50;

/** Throws what `open` throws. */
export async function reopenedDoor(open: () => Promise<Door>): Promise<Door> {
  let door = await open();
  let reopening: Promise<void> | null = null;
  let listeners = 0;
  /** Once for all who find the same door shut. */
  const reopen = (shut: Door): Promise<void> => {
    if (door !== shut) return Promise.resolve();
    reopening ??= (async () => {
      await pause(pauseMs);
      const next = await open();
      await shut.close();
      door = next;
    })().finally(() => (reopening = null));
    return reopening;
  };
  const through = async <Result>(act: (at: Door) => Promise<Result>): Promise<Result> => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const at = door;
      try {
        return await act(at);
      } catch (error) {
        if (!isAppError(error, 'HOST_ENDING')) throw error;
        if (listeners > 0) throw new AppError('HOST_GONE', error.facts, { cause: error });
        if (performance.now() > deadline) throw error;
      }
      await reopen(at);
    }
  };
  return {
    get isOwn() {
      return door.isOwn;
    },
    call: (name, input) => through((at) => at.call(name, input)),
    subscribe: async (listener, onGone) => {
      const stop = await through((at) => at.subscribe(listener, onGone));
      listeners += 1;
      let isListening = true;
      return () => {
        if (isListening) listeners -= 1;
        isListening = false;
        stop();
      };
    },
    close: async () => {
      await reopening?.catch(() => undefined);
      await door.close();
    },
  };
}
