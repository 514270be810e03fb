/** A door for longer work, at which this command is listening already: a host that is attended does not end. */
import { isAppError } from '../../shared/errors/app-error.ts';
import type { Door } from '../core/door.ts';
import type { Host } from './host.ts';

const tries = 3;

/** A host that was just ending may still have let us in. Nothing has begun then, so the door is sought anew; this process may become the host. */
export async function openHeardDoor(host: Pick<Host, 'openDoor'>): Promise<Door> {
  for (let left = tries - 1; ; left -= 1) {
    const door = await host.openDoor('training');
    try {
      await door.subscribe(() => undefined);
      await door.call('host.status', {});
      return door;
    } catch (error) {
      await door.close();
      if (left === 0 || !isAppError(error, 'HOST_GONE')) throw error;
    }
  }
}
