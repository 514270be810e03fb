import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownFolder } from '../../test/support/empty-store.ts';
import { takeHome } from './home-lock.ts';

it('takes a home that is not there yet, for one at a time', () => {
  const home = join(ownFolder(), 'deep', 'home');
  const lock = takeHome(home);
  expect([lock === null, takeHome(home), existsSync(join(home, 'host.lock'))]).toEqual([false, null, true]);
  lock?.release();
  const next = takeHome(home);
  expect(next).not.toBeNull();
  next?.release();
});

it('says in our words where no home can be', () => {
  const file = join(ownFolder(), 'file');
  writeFileSync(file, '');
  for (const home of [file, join(file, 'home')])
    expect(() => takeHome(home)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^FILE_/), facts: expect.objectContaining({ path: join(home, 'host.lock') }) }),
    );
});
