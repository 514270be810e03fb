import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute, ownFolder } from '../../test/support/empty-store.ts';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { openDatabase } from './open-database.ts';

const open = (path: string) => openDatabase(path, keepingLogger());

describe('openDatabase', () => {
  it('makes what is missing, with its folder, and opens what is there', () => {
    const path = join(ownFolder(), 'deep', 'down', 'lathe.db');
    const made = open(path);
    expect(made.isNew).toBe(true);
    expect(['journal_mode', 'synchronous', 'foreign_keys'].map((name) => made.database.pragma(name))).toEqual(['wal', 2, 1]);
    made.database.close();
    const again = open(path);
    expect(again.isNew).toBe(false);
    again.database.close();
  });

  it('says which migrations it ran on what is there', () => {
    const path = join(ownFolder(), 'lathe.db');
    writeFileSync(path, '');
    execute(path, 'CREATE TABLE t (a TEXT)', 'DROP TABLE t');
    const lines: KeptLine[] = [];
    openDatabase(path, keepingLogger(lines)).database.close();
    expect(lines[0]).toMatchObject({ message: 'database migrated', fields: { migration: expect.stringMatching(/^0001-/) } });
  });

  it('takes the place of one that was never finished', () => {
    const path = join(ownFolder(), 'lathe.db');
    writeFileSync(`${path}.new`, 'half of a database');
    open(path).database.close();
    expect([existsSync(path), existsSync(`${path}.new`)]).toEqual([true, false]);
  });

  it.each([
    ['an empty file', '', 'STORE_DAMAGED'],
    ['what is no database', 'no database'.repeat(100), 'STORE_DAMAGED'],
  ])('refuses %s and leaves it alone', (_, content, code) => {
    const path = join(ownFolder(), 'lathe.db');
    writeFileSync(path, content);
    expect(() => open(path)).toThrow(expect.objectContaining({ code }));
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('refuses what a later version wrote and leaves it alone', () => {
    const path = join(ownFolder(), 'lathe.db');
    open(path).database.close();
    execute(path, 'PRAGMA journal_mode = DELETE', 'PRAGMA user_version = 999');
    const before = readFileSync(path);
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'STORE_NEWER', facts: expect.objectContaining({ version: 999 }) }));
    expect(readFileSync(path)).toEqual(before);
  });
});
