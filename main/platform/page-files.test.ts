import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPageFiles } from './page-files.ts';

describe('readPageFiles', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lathe-page-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is empty where no page was built', () => {
    expect(readPageFiles(folder).size).toBe(0);
    expect(readPageFiles(join(folder, 'missing')).size).toBe(0);
  });

  it('knows the page and its files by their paths, and no other kinds of files', () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<p>page</p>');
    writeFileSync(join(folder, 'assets', 'a-1.js'), 'let a');
    writeFileSync(join(folder, 'secret.key'), 'no');
    const files = readPageFiles(folder);
    expect([...files.keys()].toSorted()).toEqual(['/', '/assets/a-1.js']);
    expect(files.get('/')).toMatchObject({ type: 'text/html; charset=utf-8', isImmutable: false });
    expect(files.get('/assets/a-1.js')).toMatchObject({ type: 'text/javascript; charset=utf-8', isImmutable: true });
  });
});
