import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fillDisk, mountDisk, unmountDisk } from '../../test/support/small-disk.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { copyHashed, hashFile, isTemporaryName, renameDurably, writeFileAtomically } from './atomic-files.ts';

const folder = temporaryFolder();

describe('writeFileAtomically', () => {
  const disk = mountDisk(1);
  afterAll(() => unmountDisk(disk));

  it('makes the folder, replaces what was there, and leaves nothing else', () => {
    const path = join(folder, 'deep', 'file');
    writeFileAtomically(path, 'old and longer');
    writeFileAtomically(path, 'nëw');
    expect([readFileSync(path, 'utf8'), readdirSync(join(folder, 'deep'))]).toEqual(['nëw', ['file']]);
  });

  it.skipIf(disk === null)('keeps the old file whole where the disk takes only a part of the new', () => {
    const path = join(String(disk), 'file');
    writeFileSync(path, 'old');
    fillDisk(String(disk), 64 << 10);
    expect(() => {
      writeFileAtomically(path, 'x'.repeat(256 << 10));
    }).toThrow(expect.objectContaining({ code: 'ENOSPC' }) as Error);
    expect([readFileSync(path, 'utf8'), readdirSync(String(disk)).sort()]).toEqual(['old', ['file', 'filler']]);
  });
});

describe('what an interrupted write leaves', () => {
  it('has a name that is known', () => {
    expect(['.file.0123456789ab.lathe-tmp', 'file', '.file', 'file.lathe-tmp'].map(isTemporaryName)).toEqual([true, false, false, false]);
  });
});

describe('renameDurably', () => {
  it('makes the folder it goes to', () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'far', 'away', 'to')];
    writeFileSync(from, 'it');
    renameDurably(from, to);
    expect([existsSync(from), readFileSync(to, 'utf8')]).toEqual([false, 'it']);
  });
});

describe('a copy', () => {
  it('has the hash of what was written, of a part too, and goes over no other file', async () => {
    const [from, to] = [join(folder, 'whole'), join(folder, 'copies', 'part')];
    writeFileSync(from, 'abc'.repeat(700_000));
    const range = { start: 1, bytes: 1_500_000 };
    const facts = await copyHashed(from, to, range);
    expect(facts).toEqual(await hashFile(from, undefined, range));
    expect(facts).toEqual(await hashFile(to));
    expect([facts.bytes, readFileSync(to, 'utf8').slice(0, 4)]).toEqual([1_500_000, 'bcab']);
    await expect(copyHashed(from, to)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
