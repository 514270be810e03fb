import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { listFiles } from './list-files.ts';

const dir = temporaryFolder();
beforeAll(() => {
  for (const name of ['model', 'empty', '.hidden', 'shut']) mkdirSync(join(dir, name));
  for (const name of ['m10.gguf', 'm9.GGUF', 'rows.jsonl', 'notes.bin', '.secret', 'model/config.json']) writeFileSync(join(dir, name), 'abc');
  symlinkSync(join(dir, 'nowhere'), join(dir, 'broken'));
});
const fitting = async (kind: 'model' | 'data' | 'folder') => {
  const { entries } = await listFiles({ dir, kind });
  return entries.filter(({ fits }) => fits).map(({ name }) => name);
};

describe('a folder', () => {
  it('shows what can be chosen, folders first and numbers in order; nothing hidden, no link that leads nowhere', async () => {
    const { entries, parent, ...rest } = await listFiles({ dir, kind: 'data' });
    expect(entries.map(({ name }) => name)).toEqual(['empty', 'model', 'shut', 'm9.GGUF', 'm10.gguf', 'notes.bin', 'rows.jsonl']);
    expect([parent, rest]).toEqual([dirname(dir), { dir }]);
    expect(entries.at(-1)).toEqual({ name: 'rows.jsonl', path: join(dir, 'rows.jsonl'), kind: 'file', bytes: 3, fits: true });
    expect(entries[0]).toMatchObject({ kind: 'folder', bytes: null, fits: false });
  });

  it('says what fits', async () => {
    expect(await fitting('model')).toEqual(['model', 'm9.GGUF', 'm10.gguf']);
    expect(await fitting('data')).toEqual(['rows.jsonl']);
    expect(await fitting('folder')).toEqual(['empty', 'model', 'shut']);
  });

  it('begins at home, and ends at the top', async () => {
    expect((await listFiles({ dir: null, kind: 'data' })).dir).toBe(homedir());
    expect((await listFiles({ dir: '/', kind: 'data' })).parent).toBeNull();
  });

  it('refuses what is no folder, not there, not absolute, or shut', async () => {
    const code = (path: string) =>
      listFiles({ dir: path, kind: 'data' }).then(
        () => null,
        (error: unknown) => (error as { code?: unknown }).code,
      );
    expect(await code(join(dir, 'nowhere'))).toBe('FILE_MISSING');
    expect(await code(join(dir, 'rows.jsonl'))).toBe('FILE_MISSING');
    expect(await code('rows')).toBe('INPUT_INVALID');
    chmodSync(join(dir, 'shut'), 0);
    // Nothing is shut to root.
    if (process.getuid?.() !== 0) expect(await code(join(dir, 'shut'))).toBe('FILE_FORBIDDEN');
  });
});
