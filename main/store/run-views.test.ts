/** Lists of runs: a fixed order also within one moment, pages without gaps, and nothing read that is not shown. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { testRequest } from '../../test/support/run-folder.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import { RunRows } from './run-rows.ts';
import { runListQuery, RunViews, type RunFilter } from './run-views.ts';

let database: Database;
let rows: RunRows;
let views: RunViews;

const everything: RunFilter = { state: null, text: null, limit: 100, after: null };
const add = (run: string, created: string): void =>
  rows.insert({ run, name: `name of ${run}`, dir: `/runs/${run}`, priority: 0, created, queued: created, request: testRequest('/m', { data: '/d' }) });

beforeAll(() => {
  database = openDatabase(join(temporaryFolder(), 'lathe.db'), keepingLogger()).database;
  rows = new RunRows(database);
  views = new RunViews(database);
  add('20260101-000000-zzzz', '2026-01-01T00:00:00.000Z');
  // Their names, which are chance within a second, say nothing of the order in which they came.
  for (const end of ['mmmm', 'aaaa', 'zzzz', 'bbbb']) add(`20260501-100000-${end}`, '2026-05-01T10:00:00.000Z');
  add('20260401-000000-late', '2026-04-01T00:00:00.000Z');
});

describe('a list of runs', () => {
  const newestFirst = ['501-100000-bbbb', '501-100000-zzzz', '501-100000-aaaa', '501-100000-mmmm', '401-000000-late', '101-000000-zzzz'].map(
    (end) => `20260${end}`,
  );

  it('goes by time, and by arrival within one moment', () => {
    expect(views.list(everything).runs.map(({ run }) => run)).toEqual(newestFirst);
  });

  it.each([1, 2, 3, 5])('comes in pages of %i without a gap, also where the last one of a page has been removed since', (limit) => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { runs, next } = views.list({ ...everything, limit, after });
      seen.push(...runs.map(({ run }) => run));
      if (next === null) break;
      after = next;
      if (limit !== 2 || seen.length !== 2) continue;
      rows.remove(seen[1] ?? '');
    }
    expect(seen).toEqual(newestFirst);
    if (limit === 2) newestFirst.splice(1, 1);
  });

  it('finds by state, and by a part of what names a run', () => {
    expect(views.list({ ...everything, text: 'NAME OF 20260401' }).runs.map(({ run }) => run)).toEqual(['20260401-000000-late']);
    expect(views.list({ ...everything, state: ['done'] }).runs).toEqual([]);
  });

  it('is read from an index, and reads no request', () => {
    database.prepare("UPDATE runs SET request = 'no JSON' WHERE run = '20260401-000000-late'").run();
    expect(views.get('/runs/20260401-000000-late').run).toBe('20260401-000000-late');
    const { sql, params } = runListQuery({ ...everything, after: '3-2026-05-01T10:00:00.000Z' });
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(params);
    expect(plan.map(({ detail }) => String(detail)).join('; ')).toMatch(/^SEARCH runs USING INDEX runs_by_creation \(\(?created.*\)?\)$/);
  });
});
