import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { ownFolder } from '../../test/support/empty-store.ts';
import { Database } from './database.ts';

function open(): { readonly database: Database; readonly lines: readonly KeptLine[] } {
  const lines: KeptLine[] = [];
  const database = new Database(join(ownFolder(), 'a.db'), keepingLogger(lines));
  onTestFinished(() => database.close());
  database.execute('CREATE TABLE words (word TEXT PRIMARY KEY) STRICT');
  return { database, lines };
}
const add = (database: Database, word: string): unknown => database.prepare('INSERT INTO words (word) VALUES ($word)').run({ word });
const words = (database: Database): unknown[] =>
  database
    .prepare('SELECT word FROM words ORDER BY word')
    .all()
    .map(({ word }) => word);
const failing = (): never => {
  throw new Error('no');
};

describe('a transaction', () => {
  it('is all or nothing', () => {
    const { database } = open();
    database.transaction(() => add(database, 'kept'));
    expect(() => database.transaction(() => [add(database, 'lost'), failing()])).toThrow('no');
    expect(words(database)).toEqual(['kept']);
  });

  it('inside another one goes with that', () => {
    const { database } = open();
    expect(() => database.transaction(() => [database.transaction(() => add(database, 'inner')), failing()])).toThrow('no');
    expect(words(database)).toEqual([]);
  });

  it('inside another one is undone alone where that puts up with its failure', () => {
    const { database } = open();
    database.transaction(() => {
      add(database, 'outer');
      for (const inner of [() => database.transaction(() => [add(database, 'inner'), failing()]), () => database.unflushedTransaction(failing)])
        expect(inner).toThrow('no');
    });
    expect(words(database)).toEqual(['outer']);
  });

  it('that is not waited for leaves the next one to be, also where it fails or stands in another', () => {
    const { database } = open();
    database.pragma('synchronous = FULL');
    const during = database.unflushedTransaction(() => [database.pragma('synchronous'), add(database, 'a')][0]);
    expect([during, database.pragma('synchronous')]).toEqual([1, 2]);
    expect(() => database.unflushedTransaction(failing)).toThrow('no');
    expect(database.pragma('synchronous')).toBe(2);
    database.transaction(() => database.unflushedTransaction(() => expect(database.pragma('synchronous')).toBe(2)));
  });
});

describe('a statement', () => {
  it('is prepared once', () => {
    const { database } = open();
    expect(database.prepare('SELECT 1')).toBe(database.prepare('SELECT 1'));
  });

  it('that takes long is logged, without what it was given', () => {
    const { database, lines } = open();
    add(database, 'secret');
    const count = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $last) SELECT count(*) AS n FROM n';
    // On a machine that others share even such a one may be late now and then.
    for (let i = 0; i < 10; i += 1) database.prepare(count).get({ last: 5 });
    expect(lines.length).toBeLessThan(10);
    database.prepare(count).get({ last: 2_000_000 });
    expect(lines.slice(-1)).toMatchObject([{ level: 'warn', message: 'slow statement', fields: { sql: count, ms: expect.any(Number) } }]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('that gives rows one by one has given those before its failure', () => {
    const { database } = open();
    for (const word of ['1', '2', '{']) add(database, word);
    const seen: unknown[] = [];
    expect(() => database.each('SELECT json(word) AS read FROM words ORDER BY word', ({ read }) => seen.push(read))).toThrow(/JSON/);
    expect(seen).toEqual(['1', '2']);
  });

  it('that may not write says so in our words', () => {
    const { database } = open();
    const reader = new Database(database.path, keepingLogger(), { readonly: true });
    expect(() => add(reader, 'a')).toThrow(expect.objectContaining({ code: 'FILE_FORBIDDEN', facts: { path: database.path, action: 'write' } }));
    reader.close();
  });
});

it('is copied while it is in use', async () => {
  const { database } = open();
  database.pragma('journal_mode = WAL');
  add(database, 'a');
  const copy = `${database.path}.copy`;
  const copying = database.backup(copy);
  add(database, 'b');
  await copying;
  expect(readFileSync(copy).subarray(0, 15).toString()).toBe('SQLite format 3');
  const other = new Database(copy, keepingLogger());
  expect(words(other)).toContain('a');
  expect(other.pragma('integrity_check')).toBe('ok');
  other.close();
});
