import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { RunFence } from './run-fence.ts';

const folder = temporaryFolder();
const fence = join(folder, 'fence');

it('lets in the newest attempt, and keeps out one that is older', () => {
  const first = new RunFence(folder, 1);
  first.require();
  const second = new RunFence(folder, 2);
  expect(() => first.require()).toThrow(/taken over by attempt 2; this is attempt 1/);
  second.require();
  expect(() => new RunFence(folder, 1)).toThrow(/taken over/);
  expect(readFileSync(fence, 'utf8')).toBe('2\n');
});

it('takes a number that cannot be read for none', () => {
  writeFileSync(fence, 'garbage');
  new RunFence(folder, 1).require();
  expect(readFileSync(fence, 'utf8')).toBe('1\n');
});
