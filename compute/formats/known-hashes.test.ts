/** A remembered hash is the file's own: any change of the file makes it forgotten. */
import { renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { knownHashes } from './known-hashes.ts';
import { sha256OfFile } from './sha256.ts';

const folder = temporaryFolder();
const cache = join(folder, 'cache');
const path = join(folder, 'file');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  writeFileSync(path, 'first');
  later();
});

/** The file system's clock goes on by itself; only ours is moved, so that the file is no longer new. */
function later(): void {
  vi.setSystemTime(new Date(Date.now() + 60_000));
}

/** Waits until the file system's clock has gone on since the file was changed. */
function tick(): void {
  const probe = join(folder, 'probe');
  do writeFileSync(probe, '');
  while (statSync(probe, { bigint: true }).ctimeNs <= statSync(path, { bigint: true }).ctimeNs);
}

describe('a known hash', () => {
  it('is not computed again', async () => {
    const read: string[] = [];
    const hashOf = knownHashes(cache, (each) => read.push(each));
    expect(await hashOf(path)).toBe(await sha256OfFile(path));
    expect(await knownHashes(cache, (each) => read.push(each))(path)).toBe(await sha256OfFile(path));
    expect(read).toEqual([path]);
  });

  it('is forgotten when the file is written again with the same size and time', async () => {
    const hashOf = knownHashes(cache);
    await hashOf(path);
    const then = new Date();
    utimesSync(path, then, then);
    await hashOf(path);
    tick();
    writeFileSync(path, 'other');
    utimesSync(path, then, then);
    expect(await hashOf(path)).toBe(await sha256OfFile(path));
  });

  it('is forgotten when another file takes its place', async () => {
    const hashOf = knownHashes(cache);
    await hashOf(path);
    writeFileSync(`${path}.new`, 'third');
    renameSync(`${path}.new`, path);
    expect(await hashOf(path)).toBe(await sha256OfFile(path));
  });

  it('is not trusted where the file is only just written', async () => {
    vi.useRealTimers();
    const read: string[] = [];
    const hashOf = knownHashes(join(folder, 'fresh'), (each) => read.push(each));
    writeFileSync(path, 'fresh');
    await hashOf(path);
    await hashOf(path);
    expect(read).toEqual([path, path]);
  });

  it('of a damaged record is computed anew, and a cache that cannot be written does no harm', async () => {
    writeFileSync(join(folder, 'no-folder'), '');
    expect(await knownHashes(join(folder, 'no-folder'))(path)).toBe(await sha256OfFile(path));
    await expect(knownHashes(cache)(join(folder, 'missing'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
