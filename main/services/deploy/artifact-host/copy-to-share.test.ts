/** A file that is laid into a share is there whole, or not at all. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { copyToShare } from './copy-to-share.ts';

const folder = temporaryFolder();
const from = join(folder, 'adapter.gguf');
writeFileSync(from, 'GGUF and more');
const sha256 = createHash('sha256').update('GGUF and more').digest('hex');

it('copies, and again over what is half there', async () => {
  const share = join(folder, 'share');
  const to = join(share, 'a.gguf');
  await copyToShare({ from, to, sha256, server: 'one' });
  writeFileSync(to, 'GGUF');
  await copyToShare({ from, to, sha256, server: 'one' });
  expect(readFileSync(to, 'utf8')).toBe('GGUF and more');
  expect(readdirSync(share)).toEqual(['a.gguf']);
});

it('leaves nothing of a file that is not what it was', async () => {
  const share = join(folder, 'other');
  await expect(copyToShare({ from, to: join(share, 'a.gguf'), sha256: '0'.repeat(64), server: 'one' })).rejects.toMatchObject({ code: 'ARTIFACT_UNSERVABLE' });
  expect(readdirSync(share)).toEqual([]);
});

it('says what the share refuses', async () => {
  const inTheWay = join(folder, 'file');
  writeFileSync(inTheWay, '');
  await expect(copyToShare({ from, to: join(inTheWay, 'a.gguf'), sha256, server: 'one' })).rejects.toMatchObject({
    code: expect.stringMatching(/^FILE_/) as string,
  });
});
