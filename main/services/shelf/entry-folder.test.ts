import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { findPaths } from '../../platform/paths.ts';
import { Shelves } from '../shelves.ts';
import { readEntry } from './entry-folder.ts';

const home = temporaryFolder();
const paths = findPaths({ LATHE_HOME: home });
const entry = { kind: 'model', name: 'm', path: home, is_copy: false, bytes: 1, sha256: 'a', added: '2026-01-01T00:00:00Z', facts: {} };

function put(name: string, content: string): string {
  const folder = join(paths.models, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'entry.yaml'), content);
  return folder;
}

describe('entry.yaml', () => {
  it('leads a name to where its files are', () => {
    put('m', stringify(entry));
    expect(new Shelves(paths, null).model('m')).toBe(home);
  });

  it('is not needed: a folder that was put there by hand is the model itself', () => {
    mkdirSync(join(paths.models, 'by-hand'), { recursive: true });
    expect(new Shelves(paths, null).model('by-hand')).toBe(join(paths.models, 'by-hand'));
  });

  it.each([
    ['no YAML', '{'],
    ['a missing field', stringify({ ...entry, sha256: undefined })],
    ['a link that is not absolute', stringify({ ...entry, path: 'here' })],
    ['a copy that leads out', stringify({ ...entry, is_copy: true, path: '../../../x' })],
  ])('is refused with %s', (_, content) => {
    const folder = put('bad', content);
    expect(() => readEntry(folder)).toThrow(expect.objectContaining({ code: 'SHELF_ENTRY_INVALID' }));
  });
});
