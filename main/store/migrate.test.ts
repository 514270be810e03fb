import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { fillDisk, mountDisk, unmountDisk } from '../../test/support/small-disk.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { Database } from './database.ts';
import { applicationId, migrate, readMigrations } from './migrate.ts';
import { openDatabase } from './open-database.ts';

const folder = temporaryFolder();
const all = readMigrations();
const open = (name: string): Database => new Database(join(folder, name), keepingLogger());
const schema = (database: Database): unknown =>
  database.prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name").all();

describe('migrations', () => {
  it.each(all)('lead upward from version $version, and to the same tables', ({ version }) => {
    const [older, fresh] = [open(`from-${version}.db`), open(`fresh-${version}.db`)];
    migrate(older, all.slice(0, version));
    expect(older.pragma('user_version')).toBe(version);
    migrate(older, all);
    migrate(fresh, all);
    expect(older.pragma('user_version')).toBe(all.length);
    expect(older.pragma('application_id')).toBe(applicationId);
    expect(schema(older)).toEqual(schema(fresh));
    [older, fresh].forEach((database) => database.close());
  });

  it('that fail leave the version before, whole', () => {
    const database = open('half.db');
    migrate(database, all);
    const bad = [...all, { version: all.length + 1, name: 'bad.sql', sql: 'CREATE TABLE half (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);' }];
    expect(() => migrate(database, bad)).toThrow(/nowhere/);
    expect(database.pragma('user_version')).toBe(all.length);
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
    database.close();
  });

  it("refuse another program's database", () => {
    const database = open('foreign.db');
    database.execute('CREATE TABLE theirs (a TEXT)');
    expect(() => migrate(database)).toThrow(expect.objectContaining({ code: 'STORE_FOREIGN' }));
    database.close();
  });

  it('are numbered without a gap', () => {
    const from = join(folder, 'migrations');
    mkdirSync(from);
    cpSync(join(import.meta.dirname, 'migrations'), from, { recursive: true });
    writeFileSync(join(from, '0099-later.sql'), '');
    expect(() => readMigrations(from)).toThrow(/0099/);
  });
});

describe('a full disk', () => {
  const disk = mountDisk(2);
  afterAll(() => unmountDisk(disk));

  it('stops a migration as a whole, and says so', (context) => {
    if (disk === null) return context.skip('no disk can be mounted here');
    const path = join(disk, 'lathe.db');
    openDatabase(path, keepingLogger()).database.close();
    const before = readFileSync(path);
    fillDisk(disk, 100_000);
    const database = new Database(path, keepingLogger());
    const grow = { version: all.length + 1, name: 'grow.sql', sql: 'CREATE TABLE more (a BLOB) STRICT; INSERT INTO more VALUES (zeroblob(500000));' };
    expect(() => migrate(database, [...all, grow])).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(database.pragma('user_version')).toBe(all.length);
    expect(database.pragma('integrity_check')).toBe('ok');
    database.close();
    expect(readFileSync(path)).toEqual(before);
  });

  it('makes no database that is half there', (context) => {
    if (disk === null) return context.skip('no disk can be mounted here');
    fillDisk(disk);
    const home = join(disk, 'other');
    expect(() => openDatabase(join(home, 'lathe.db'), keepingLogger())).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(existsSync(join(home, 'lathe.db'))).toBe(false);
    expect(existsSync(home) ? readdirSync(home).filter((name) => name === 'lathe.db') : []).toEqual([]);
  });
});
