import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyStore, execute, insertRun, ownFolder } from '../../test/support/empty-store.ts';
import { examineDatabase, schemaOf, setAside } from './examine-database.ts';
import { readMigrations } from './migrate.ts';

describe('examineDatabase', () => {
  it('tells what is there and leaves it as it was, down to the files beside it', () => {
    const { store, path, home } = emptyStore();
    insertRun(store, 'a');
    store.close();
    const before = [readdirSync(home), readFileSync(path)];
    expect(examineDatabase(path)).toEqual({ state: 'sound', schema: readMigrations().length });
    expect([readdirSync(home), readFileSync(path)]).toEqual(before);
    expect(examineDatabase(join(home, 'none.db'))).toEqual({ state: 'missing' });
  });

  it('looks at one that is in use', () => {
    const { store, path } = emptyStore();
    insertRun(store, 'a');
    expect(schemaOf(path)).toBe(readMigrations().length);
    insertRun(store, 'b');
    expect(store.runs.ids()).toEqual(['a', 'b']);
  });

  it.each([
    ['', 'the file is empty'],
    ['no database'.repeat(100), 'file is not a database'],
  ])('calls %j damaged', (content, problem) => {
    const path = join(ownFolder(), 'lathe.db');
    writeFileSync(path, content);
    expect(examineDatabase(path)).toEqual({ state: 'damaged', problem });
  });

  it('does not judge what is none of ours', () => {
    const { store, path, home } = emptyStore();
    store.close();
    execute(path, 'PRAGMA user_version = 999');
    expect(() => examineDatabase(path)).toThrow(expect.objectContaining({ code: 'STORE_NEWER' }));
    const theirs = join(home, 'theirs.db');
    execute(theirs, 'CREATE TABLE theirs (a)');
    expect(() => examineDatabase(theirs)).toThrow(expect.objectContaining({ code: 'STORE_FOREIGN' }));
  });
});

describe('setAside', () => {
  const at = new Date('2026-03-01T10:20:30.456Z');

  it('moves a database with what SQLite keeps beside it', () => {
    const path = join(ownFolder(), 'lathe.db');
    for (const tail of ['', '-wal', '-shm']) writeFileSync(path + tail, `of ${tail}`);
    const kept = setAside(path, 'damaged', at);
    expect(kept).toBe(`${path}.damaged-20260301T102030Z`);
    expect(['', '-wal', '-shm'].map((tail) => readFileSync(kept + tail, 'utf8'))).toEqual(['of ', 'of -wal', 'of -shm']);
    expect(existsSync(path)).toBe(false);
  });

  it('takes the place of nothing that was set aside before, in the same second', () => {
    const path = join(ownFolder(), 'lathe.db');
    const kept = ['first', 'second', 'third'].map((content) => {
      writeFileSync(path, content);
      return setAside(path, 'damaged', at);
    });
    expect(kept.map((each) => readFileSync(each, 'utf8'))).toEqual(['first', 'second', 'third']);
  });
});
