/** The search over ten thousand versions: right answers, pages without gaps, and the indexes that its questions use. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { VersionFilter } from '../../shared/contracts/registry-calls.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import { TagRows } from './tag-rows.ts';
import { listQuery, VersionRows } from './version-rows.ts';

const names = 100;
const perName = 100;
const actor = { user: 'ada', host: 'here', token: null };
let database: Database;
let rows: VersionRows;

const filter = (asked: Partial<VersionFilter> = {}): VersionFilter => VersionFilter.parse(asked);

beforeAll(() => {
  database = openDatabase(join(temporaryFolder(), 'lathe.db'), keepingLogger()).database;
  rows = new VersionRows(database);
  const tags = new TagRows(database);
  database.transaction(() => {
    for (let i = 0; i < names * perName; i += 1) {
      const name = `model-${i % names}`;
      const version = `1.${Math.floor(i / names)}.0`;
      rows.insert({
        state: i % 10 === 0 ? 'approved' : 'draft',
        dir: `/registry/${name}/${version}`,
        record: {
          ...{ name, version, kind: 'adapter', description: `Number ${i}.`, metadata: { team: `t${i % 7}` }, created: '2026-01-31T10:00:00.000Z' },
          ...{ created_by: actor, lathe: '0.1.0', origin: 'run', run: `run-${i}`, base_model: { name: `base-${i % 5}`, path: null, sha256: `hash-${i % 5}` } },
          ...{ dataset: null, lineage: [], parameters: {}, metrics: { final_loss: i / 1_000, eval_loss: 1 }, evaluation: null, artifacts: [] },
        },
      });
    }
    for (let i = 0; i < names; i += 1) tags.put(`model-${i}`, 'production', '1.7.0');
  });
});

describe('search', () => {
  it.each([
    ['by the beginning of a name', { name: 'model-42' }, 100],
    ['by tag', { tags: ['production'] }, 100],
    ['by tags that no version has both', { tags: ['production', 'staging'] }, 0],
    ['by base', { base: 'base-3' }, 2_000],
    ['by the hash of the base', { base: 'hash-3' }, 2_000],
    ['by a bound, under its short name', { metrics: [{ metric: 'loss', is: '<', value: 0.25 }] }, 250],
    [
      'by two bounds',
      {
        metrics: [
          { metric: 'loss', is: '>=', value: 1 },
          { metric: 'final_loss', is: '<=', value: 1.5 },
        ],
      },
      501,
    ],
    ['by a metric that none has', { metrics: [{ metric: 'accuracy', is: '>', value: 0 }] }, 0],
    ['by state and base', { state: ['approved'], base: 'base-0' }, 1_000],
    ['by text of the description', { text: 'NUMBER 777.' }, 1],
    ['by text of the metadata', { text: '"t3"' }, 1_429],
    ['by run', { run: 'run-5' }, 1],
    ['by what is SQL', { text: "'; DROP TABLE versions; --" }, 0],
  ] as const)('finds %s', (_, asked, count) => {
    expect(pages(asked as unknown as Partial<VersionFilter>, 400).flat()).toHaveLength(count);
  });

  it('turns pages without a gap, the highest version of a name first', () => {
    const all = pages({}, 999).flat();
    expect(all).toHaveLength(names * perName);
    expect(new Set(all).size).toBe(all.length);
    expect(all.slice(0, 2)).toEqual(['model-0@1.99.0', 'model-0@1.98.0']);
    expect(rows.latest('model-3')?.version).toBe('1.99.0');
  });

  it('shows what stands in the record and the tags, and refuses a row of which the record is none', () => {
    const [first] = rows.list(filter({ name: 'model-42', tags: ['production'] })).versions;
    expect(first).toMatchObject({ name: 'model-42', version: '1.7.0', tags: ['production'], dir: '/registry/model-42/1.7.0', kind: 'adapter', dataset: null });
    expect(first).toMatchObject({ base_model: { name: 'base-2', path: null, sha256: 'hash-2' }, metrics: { final_loss: 0.742, eval_loss: 1 }, revision: 1 });
    const spoil = database.prepare("UPDATE versions SET record = $record WHERE name = 'model-42' AND version = '1.7.0'");
    const kept = database.prepare("SELECT record FROM versions WHERE name = 'model-42' AND version = '1.7.0'").get() ?? {};
    for (const record of ['{', '{}', '[]', 'null']) {
      spoil.run({ record });
      expect(() => rows.list(filter({ name: 'model-42' }))).toThrow(expect.objectContaining({ code: 'STORE_ROW_INVALID' }));
    }
    spoil.run(kept);
  });

  it('asks indexes, and reads no record that is not in the answer', () => {
    const plan = (asked: Partial<VersionFilter>): string => {
      const { sql, params } = listQuery(filter(asked));
      return database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(params)
        .map(({ detail }) => String(detail))
        .join('\n');
    };
    const questions: readonly Partial<VersionFilter>[] = [
      { name: 'model-42' },
      { tags: ['production'] },
      { base: 'base-3' },
      { run: 'run-5' },
      { metrics: [{ metric: 'loss', is: '<', value: 0.25 }] },
      { after: 'model-42@1.7.0' },
    ];
    expect(plan({ text: 'x' })).toContain('COVERING INDEX versions_by_words');
    for (const asked of questions) expect(plan(asked), JSON.stringify(asked)).not.toMatch(/SCAN v(?! USING)/);
    expect(plan({})).not.toContain('TEMP B-TREE');
    expect(plan({ tags: ['production'] })).toContain('tags_by_tag');
    expect(plan({ metrics: [{ metric: 'loss', is: '<', value: 0.25 }] })).toContain('version_metrics_by_value');
  });
});

/** `name@version` of every page. */
function pages(asked: Partial<VersionFilter>, limit: number): string[][] {
  const found: string[][] = [];
  let after: string | null = null;
  do {
    const page = rows.list(filter({ ...asked, limit, after }));
    found.push(page.versions.map(({ name, version }) => `${name}@${version}`));
    after = page.next;
  } while (after !== null);
  return found;
}
