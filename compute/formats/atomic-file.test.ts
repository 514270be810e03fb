/** Atomic writes: all or nothing, no temporaries left, the file system's refusals by name. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { isTemporaryName, replaceAtomically, writeFileAtomically, writeFolderAtomically, writeWholeFileAtomically } from './atomic-file.ts';
import { fileError } from './file-errors.ts';

const folder = temporaryFolder();
const failing = new Error('broken off');

describe('writeFileAtomically', () => {
  it('makes the folder and writes small and large pieces in order', async () => {
    const path = join(folder, 'deep', 'file');
    const large = Buffer.alloc(3 << 20, 7);
    await writeFileAtomically(path, (sink) => {
      sink.write(Buffer.from('ab'));
      sink.write(large);
      sink.write(Buffer.from('cd'));
      expect(sink.position).toBe(large.length + 4);
    });
    expect(readFileSync(path).equals(Buffer.concat([Buffer.from('ab'), large, Buffer.from('cd')]))).toBe(true);
  });

  it('keeps the old file and leaves no temporary when the writer fails', async () => {
    const place = join(folder, 'kept');
    const path = join(place, 'file');
    await writeWholeFileAtomically(path, 'old');
    const attempt = writeFileAtomically(path, (sink) => {
      sink.write(Buffer.from('half'));
      expect(readdirSync(place).filter(isTemporaryName)).toHaveLength(1);
      throw failing;
    });
    await expect(attempt).rejects.toBe(failing);
    expect([readFileSync(path, 'utf8'), readdirSync(place)]).toEqual(['old', ['file']]);
  });

  it.runIf(process.platform === 'linux')('names a full disk', async () => {
    expect(fileError(Object.assign(new Error('full'), { code: 'ENOSPC' }), { path: 'x', action: 'write', needBytes: 5 })).toMatchObject({
      code: 'DISK_FULL',
      facts: { path: 'x', needBytes: '5 bytes' },
    });
    const attempt = writeWholeFileAtomically('/proc/lathe/file', 'x');
    await expect(attempt).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});

describe('replaceAtomically', () => {
  it('puts a file or a folder in the place of either, and leaves that as it was on a failure', async () => {
    const place = join(folder, 'replaced');
    const target = join(place, 'it');
    const asFile = (path: string): Promise<void> => writeWholeFileAtomically(path, 'file');
    const asFolder = (path: string): Promise<void> => writeWholeFileAtomically(join(path, 'a'), 'folder');
    for (const make of [asFile, asFile, asFolder, asFolder, asFile]) await replaceAtomically(target, make);
    expect([readFileSync(target, 'utf8'), readdirSync(place)]).toEqual(['file', ['it']]);
    const attempt = replaceAtomically(target, async (temporary) => {
      await asFolder(temporary);
      throw new AppError('ADAPTER_INVALID', { path: join(temporary, 'a'), problem: 'x' });
    });
    await expect(attempt).rejects.toMatchObject({ facts: { path: join(target, 'a') } });
    expect([readFileSync(target, 'utf8'), readdirSync(place)]).toEqual(['file', ['it']]);
  });
});

describe('writeFolderAtomically', () => {
  const fill = async (into: string): Promise<void> => {
    await writeWholeFileAtomically(join(into, 'a'), 'new');
  };

  it('appears whole, also where an empty folder lies', async () => {
    const place = join(folder, 'folders');
    mkdirSync(join(place, 'empty'), { recursive: true });
    await writeFolderAtomically(join(place, 'fresh'), fill);
    await writeFolderAtomically(join(place, 'empty'), fill);
    expect([readdirSync(place), readdirSync(join(place, 'fresh')), readdirSync(join(place, 'empty'))]).toEqual([['empty', 'fresh'], ['a'], ['a']]);
  });

  it('replaces files of the same name only', async () => {
    const place = join(folder, 'taken');
    mkdirSync(place);
    writeFileSync(join(place, 'a'), 'old');
    writeFileSync(join(place, 'mine'), 'mine');
    await writeFolderAtomically(place, fill);
    expect([readFileSync(join(place, 'a'), 'utf8'), readFileSync(join(place, 'mine'), 'utf8')]).toEqual(['new', 'mine']);
  });

  it('names the target when a file inside fails', async () => {
    const place = join(folder, 'named');
    const attempt = writeFolderAtomically(join(place, 'target'), (into) => {
      writeFileSync(join(into, 'plain'), '');
      return writeWholeFileAtomically(join(into, 'plain', 'file'), '');
    });
    await expect(attempt).rejects.toMatchObject({ facts: { path: join(place, 'target', 'plain', 'file') } });
  });

  it('leaves nothing when filling fails', async () => {
    const place = join(folder, 'failed');
    mkdirSync(place);
    const attempt = writeFolderAtomically(join(place, 'target'), async (into) => {
      await fill(into);
      throw failing;
    });
    await expect(attempt).rejects.toBe(failing);
    expect(readdirSync(place)).toEqual([]);
  });
});
