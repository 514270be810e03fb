/** Opens the door for one question. */
import type { Door } from '../core/door.ts';
import type { Host } from './host.ts';

export async function askCore<Result>(host: Host, ask: (door: Door) => Promise<Result>, work: 'question' | 'training' = 'question'): Promise<Result> {
  const door = await host.openDoor(work);
  try {
    return await ask(door);
  } finally {
    await door.close();
  }
}
