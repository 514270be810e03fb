/** Every schema that was ever given out, with rows in every table, led up to the newest: nothing is lost, and the repositories understand it all. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VersionFilter } from '../../shared/contracts/registry-calls.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { Database, type Row } from './database.ts';
import { applicationId, readMigrations } from './migrate.ts';
import { openStore } from './store.ts';

const folder = temporaryFolder();
const kept = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'schemas');
const fixture = (name: string): string => readFileSync(join(kept, name), 'utf8');
const released = readdirSync(kept)
  .filter((name) => /^\d{4}-/.test(name))
  .sort();

let count = 0;

/** As the Lathe of that time made it, with rows that were written under the first schema. */
function homeOf(schema: number): string {
  const path = join(folder, `${(count += 1)}.db`);
  const database = new Database(path, keepingLogger());
  for (const [index, name] of released.slice(0, schema).entries()) {
    database.execute(fixture(name));
    if (index === 0) database.execute(fixture('rows-of-0001.sql'));
  }
  database.pragma(`user_version = ${schema}`);
  database.pragma(`application_id = ${applicationId}`);
  database.close();
  return path;
}

function rowsOf(path: string): Readonly<Record<string, readonly Row[]>> {
  const database = new Database(path, keepingLogger(), { readonly: true });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  const rows = Object.fromEntries(tables.map(({ name }) => [String(name), database.prepare(`SELECT * FROM ${String(name)}`).all()]));
  database.close();
  return rows;
}

describe('a schema that was given out', () => {
  it('is kept as it was', () => {
    // A new migration: keep a copy of its file in test/fixtures/schemas once it is given out, and never change it again.
    expect(readMigrations().map(({ name, sql }) => [name, sql])).toEqual(released.map((name) => [name, fixture(name)]));
  });

  it.each(released.map((_, index) => index + 1))('%i: every row comes along', (schema) => {
    const path = homeOf(schema);
    const before = rowsOf(path);
    // Tables that came later are empty.
    expect(Object.values(before).filter((rows) => rows.length > 0)).toHaveLength(15);
    openStore(path, keepingLogger()).close();
    const after = rowsOf(path);
    for (const [table, rows] of Object.entries(before)) expect(after[table]).toMatchObject(rows);
  });

  it.each(released.map((_, index) => index + 1))('%i: what it holds is understood', (schema) => {
    const store = openStore(homeOf(schema), keepingLogger());
    const runs = store.runs.ids().map((run) => store.runs.get(run));
    expect(runs.map(({ state }) => state).sort()).toEqual(['done', 'done', 'failed']);
    expect(store.runs.metrics('r0', 0, 100).steps.step).toHaveLength(9);
    expect(runs.flatMap(({ run }) => store.runs.allLines(run))).toContainEqual(expect.objectContaining({ event: 'note', message: "it's a note" }));
    expect(store.versions.list(VersionFilter.parse({ text: 'support' })).versions).toHaveLength(2);
    expect([store.tags.of('support'), store.planned.all().length, store.shelf.list('dataset', null).length]).toEqual([{ production: '1.0.0' }, 1, 1]);
    expect([store.tokens.list().length, store.settings.unsound(), store.outbox.size().pending]).toEqual([1, [], 3]);
    expect(store.audit.verify()).toEqual({ rows: 5, broken: null });
    store.close();
  });
});
