/** Asks the core of a LATHE_HOME again and again, as a command would, until its input ends; says then what it came to: `node ask-forever.ts HOME`. */
import { setTimeout as pause } from 'node:timers/promises';
import { openDoor } from '../../main/core/open-core.ts';
import { quietParts } from './quiet-core.ts';

export interface Asked {
  /** Questions that a host of another process answered. */
  readonly answered: number;
  /** Where nobody was the host. */
  readonly own: number;
  readonly problems: readonly string[];
}

const home = process.argv[2] ?? '';
const [asked, problems] = [{ answered: 0, own: 0 }, [] as string[]];

/** A door of its own, as for each command; the second question may find that its host has ended meanwhile. */
async function ask(): Promise<void> {
  const door = await openDoor({ ...quietParts(home), listens: false });
  try {
    for (let question = 0; question < 2; question += 1) {
      await door.call('runs.list', {});
      asked[door.isOwn ? 'own' : 'answered'] += 1;
    }
  } finally {
    await door.close();
  }
}

const over = new AbortController();
process.stdin.on('end', () => over.abort()).resume();
process.stdout.write('ready\n');
while (!over.signal.aborted) {
  await ask().catch((error: unknown) => problems.push(String(error)));
  // Others want the home too.
  await pause(20);
}
const result: Asked = { ...asked, problems };
process.stdout.write(`${JSON.stringify(result)}\n`);
