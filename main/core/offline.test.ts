import { expect, it } from 'vitest';
import { ownFolder, testTime } from '../../test/support/empty-store.ts';
import { takeHome } from './home-lock.ts';
import { writeHostFile } from './host-file.ts';
import { withOwnHome } from './offline.ts';

it('has the home for itself while it works, and gives it back however that ends', async () => {
  const home = ownFolder();
  expect(await withOwnHome(home, () => Promise.resolve(takeHome(home)))).toBeNull();
  await expect(withOwnHome(home, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withOwnHome(home, () => 7)).toBe(7);
});

it('is refused where a host owns it, with who that is', async () => {
  const home = ownFolder();
  const lock = takeHome(home);
  let isDone = false;
  const work = (): Promise<void> => withOwnHome(home, () => void (isDone = true));
  await expect(work()).rejects.toMatchObject({ code: 'HOME_OWNED', facts: { home, pid: 'unknown', what: 'unknown' } });
  writeHostFile(home, { pid: 77, ticks: null, kind: 'serve', version: '0.1.0', contract: 1, started: testTime, socket: null, secret: 'x' });
  await expect(work()).rejects.toMatchObject({ code: 'HOME_OWNED', facts: { home, pid: 77, what: 'serve' } });
  expect(isDone).toBe(false);
  lock?.release();
});
