import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { keepAwake } from './keep-awake.ts';

const folder = temporaryFolder();
const patient = { timeout: 10_000 };

it('runs one program as long as it is held, and ends it by closing its input', async () => {
  const file = join(folder, 'held');
  const script = `const fs = require('node:fs'); fs.writeFileSync(${JSON.stringify(file)}, 'on'); process.stdin.resume().on('end', () => fs.writeFileSync(${JSON.stringify(file)}, 'off'))`;
  const lines: KeptLine[] = [];
  const awake = keepAwake({ log: keepingLogger(lines), holder: [process.execPath, '--eval', script] });
  const content = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  awake.hold();
  awake.hold();
  await expect.poll(content, patient).toBe('on');
  awake.release();
  expect(content()).toBe('on');
  awake.release();
  await expect.poll(content, patient).toBe('off');
  awake.hold();
  await expect.poll(content, patient).toBe('on');
  awake.release();
  await expect.poll(content, patient).toBe('off');
  expect(lines).toEqual([]);
});

it.each([[['/no/such/program']], [[process.execPath, '--eval', 'process.exit(3)']], [undefined]])('says once that %j does not do it', async (holder) => {
  const lines: KeptLine[] = [];
  const awake = keepAwake({ log: keepingLogger(lines), holder: holder ?? [] });
  awake.hold();
  await expect.poll(() => lines.length, patient).toBe(1);
  awake.release();
  awake.hold();
  awake.release();
  expect(lines).toMatchObject([{ message: 'the machine may fall asleep while runs and deployments are at work' }]);
});
