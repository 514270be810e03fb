import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { ownFolder } from '../../test/support/empty-store.ts';
import { lockFile } from './lock-file.ts';

it('is held by one at a time, and writes nothing', () => {
  const path = join(ownFolder(), 'a.lock');
  const first = lockFile(path);
  expect([first === null, lockFile(path)]).toEqual([false, null]);
  first?.release();
  const second = lockFile(path);
  expect(second).not.toBeNull();
  second?.release();
  expect(statSync(path).size).toBe(0);
});

it('is free again when its owner was killed', async () => {
  const path = join(ownFolder(), 'a.lock');
  const module = pathToFileURL(join(import.meta.dirname, 'lock-file.ts')).href;
  const script = `const { lockFile } = await import(${JSON.stringify(module)}); lockFile(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1e6);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  expect(lockFile(path)).toBeNull();
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const mine = lockFile(path);
  expect(mine).not.toBeNull();
  mine?.release();
});

it('is refused on what is no lock of ours', () => {
  const path = join(ownFolder(), 'a.lock');
  writeFileSync(path, 'text of somebody else'.repeat(100));
  expect(() => lockFile(path)).toThrow(/not a database/);
});
