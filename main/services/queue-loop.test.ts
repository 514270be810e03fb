import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { QueueLoop } from './queue-loop.ts';

function loopOver(work: () => void): { readonly loop: QueueLoop; readonly lines: readonly KeptLine[] } {
  const lines: KeptLine[] = [];
  const loop: QueueLoop = new QueueLoop({ work, wake: () => loop.look(), log: keepingLogger(lines), retryMs: 5 });
  return { loop, lines };
}

it('works once for any number of calls, and not before they have returned', async () => {
  let times = 0;
  const { loop } = loopOver(() => (times += 1));
  loop.look();
  loop.look();
  expect(times).toBe(0);
  await turn();
  await turn();
  expect(times).toBe(1);
  loop.look();
  await turn();
  expect(times).toBe(2);
});

it('tries again after a failure, and says so', async () => {
  let times = 0;
  const { loop, lines } = loopOver(() => {
    times += 1;
    if (times === 1) throw new Error('the disk is full');
  });
  loop.look();
  for (let look = 0; look < 200 && times < 2; look += 1) await pause(5);
  expect(times).toBe(2);
  expect(lines).toMatchObject([{ message: 'the queue cannot be worked on', fields: { problem: 'the disk is full' } }]);
});

it('does nothing once it is closed', async () => {
  let times = 0;
  const { loop } = loopOver(() => (times += 1));
  loop.look();
  loop.close();
  await turn();
  loop.look();
  await turn();
  expect(times).toBe(0);
});
