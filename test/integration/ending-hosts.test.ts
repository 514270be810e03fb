/** Hosts that end by themselves again and again while others ask them: every question is answered, by that host or by the next. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { openDoor } from '../../main/core/open-core.ts';
import type { Asked } from '../support/ask-forever.ts';
import { ownFolder } from '../support/empty-store.ts';
import { quietParts } from '../support/quiet-core.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const script = join(import.meta.dirname, '..', 'support', 'ask-forever.ts');

/** Starts one that asks; what it came to is told when it is told to end. */
async function asker(home: string): Promise<() => Promise<Asked>> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, home], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return async () => {
    child.stdin.end();
    const { value } = await lines.next();
    return JSON.parse(String(value)) as Asked;
  };
}

it('answers everybody while trainings and their hosts come and go', async () => {
  const runs = await TinyRuns.in(ownFolder(), { rows: 20 });
  const askers = await Promise.all([asker(runs.home), asker(runs.home)]);
  for (const name of ['first', 'second']) {
    const trained = await runs.train(name, ['--max-steps', '1', '--rank', '2']).ended;
    expect([trained.code, trained.stderr.replaceAll(/^Done here; .*\n/gm, '')]).toEqual([0, '']);
  }
  for (let i = 0; i < 30; i += 1) {
    const door = await openDoor({ ...quietParts(runs.home), onStay: () => new AbortController().signal });
    await door.call('runs.list', {});
    await door.close();
  }
  const asked = await Promise.all(askers.map((end) => end()));
  expect(asked.flatMap(({ problems }) => problems)).toEqual([]);
  for (const { answered } of asked) expect(answered).toBeGreaterThan(20);
}, 180_000);
