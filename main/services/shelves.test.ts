import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPaths } from '../platform/paths.ts';
import { Shelves } from './shelves.ts';

let folder: string;
let shelves: Shelves;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lathe-shelves-'));
  shelves = new Shelves(findPaths({ LATHE_HOME: join(folder, 'home') }), folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (...path: string[]): string => {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  return file;
};

describe('Shelves', () => {
  it('takes a path from where the user stands before a name on the shelf', () => {
    const onShelf = put('home', 'models', 'm.gguf');
    expect(shelves.model('m.gguf')).toBe(onShelf);
    const here = put('m.gguf');
    expect(shelves.model('m.gguf')).toBe(here);
  });

  it('finds an adapter in a run, by folder or id', () => {
    const card = put('home', 'runs', 'r1', 'adapter', 'adapter_config.json');
    expect(shelves.adapter('r1')).toBe(join(card, '..'));
    expect(shelves.adapter(join('home', 'runs', 'r1'))).toBe(join(card, '..'));
    expect(shelves.adapter(join('home', 'runs', 'r1', 'adapter'))).toBe(join(card, '..'));
  });

  it('names what is missing as the user wrote it', () => {
    expect(() => shelves.dataset('rows.jsonl')).toThrow(expect.objectContaining({ code: 'FILE_MISSING', message: 'Data file not found: rows.jsonl' }) as Error);
    expect(() => shelves.model('../home/none')).toThrow(expect.objectContaining({ code: 'FILE_MISSING' }) as Error);
  });
});
