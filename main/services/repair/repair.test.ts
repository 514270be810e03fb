import { copyFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { addRunFolder, smallHome, testActor, type SmallHome } from '../../../test/support/small-home.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { Database } from '../../store/database.ts';
import { repairHome, type RepairResult } from './repair-home.ts';

const folder = temporaryFolder();
let number = 0;
let home: SmallHome;
beforeEach(() => (home = smallHome(join(folder, `home-${(number += 1)}`), { runs: 3, auditRows: 400 })));

const repair = (): RepairResult => repairHome({ paths: home.paths, log: keepingLogger(), actor: testActor, now: new Date('2026-03-01T00:00:00Z') });
const pageBytes = 4_096;

function overwrite(pages: readonly number[]): void {
  const bytes = readFileSync(home.database);
  for (const page of pages) bytes.fill(0xa5, page * pageBytes, page * pageBytes + 200);
  writeFileSync(home.database, bytes);
}

/** How the database can be damaged; what a start then says, and what repairing leaves. */
const damages: readonly [string, () => void][] = [
  ['its first bytes overwritten', () => overwrite([0])],
  ['several pages overwritten', () => overwrite([2, 5, 9, 14])],
  ['every tenth page overwritten', () => overwrite(Array.from({ length: Math.floor(statSync(home.database).size / pageBytes / 10) }, (_, i) => i * 10 + 3))],
  ['cut in the middle', () => truncateSync(home.database, Math.floor(statSync(home.database).size / 2))],
  ['cut within its first page', () => truncateSync(home.database, 1_000)],
  ['emptied', () => truncateSync(home.database, 0)],
];

describe('a damaged database', () => {
  it.each(damages)('%s: a start says so and touches nothing; repair makes one that works, and keeps the damaged one', (_, damage) => {
    damage();
    const before = readFileSync(home.database);
    expect(() => home.open()).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED', remedy: expect.stringMatching(/lathe restore.*lathe repair/) }));
    expect(readFileSync(home.database)).toEqual(before);
    const result = repair();
    expect(result).toMatchObject({ database: 'damaged', kept: `${home.database}.damaged-20260301T000000Z`, runs: { all: 3 } });
    expect(readFileSync(result.kept ?? '')).toEqual(before);
    const store = home.open();
    expect(store.runs.ids()).toEqual(['r0', 'r1', 'r2']);
    expect(store.runs.get('r1')).toMatchObject({ state: 'done', step: 9 });
    expect(store.runs.metrics('r2', 0, 100).steps.step).toHaveLength(9);
    expect(store.audit.list({ limit: 1, before: null })[0]?.action).toBe('store.repair');
    store.close();
  });

  it('wherever it is overwritten, repair never fails and never loses a run', () => {
    const whole = `${home.database}.whole`;
    copyFileSync(home.database, whole);
    const size = statSync(whole).size;
    const spots = fc.array(fc.record({ at: fc.nat(size - 1), byte: fc.nat(255), length: fc.integer({ min: 1, max: 2_000 }) }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(spots, (chosen) => {
        const bytes = readFileSync(whole);
        for (const { at, byte, length } of chosen) bytes.fill(byte, at, Math.min(size, at + length));
        for (const tail of ['', '-wal', '-shm']) rmSync(home.database + tail, { force: true });
        writeFileSync(home.database, bytes);
        try {
          repair();
        } catch (error) {
          // Bytes that say who wrote it: not ours to mend, and left alone.
          expect(error).toMatchObject({ code: expect.stringMatching(/STORE_(NEWER|FOREIGN)/) });
          return;
        }
        const store = home.open();
        expect(store.runs.ids()).toEqual(expect.arrayContaining(['r0', 'r1', 'r2']));
        for (const run of store.runs.ids()) store.runs.get(run);
        store.close();
      }),
      { numRuns: 15, seed: 20_261_126, endOnFailure: true },
    );
  }, 120_000);

  it('keeps what is in no folder: rows that can still be read', () => {
    // Far behind: the last pages hold the end of the audit log.
    overwrite([Math.floor(statSync(home.database).size / pageBytes) - 2]);
    const { salvaged, audit } = repair();
    expect(salvaged?.rows['audit']).toBeGreaterThan(300);
    expect(audit.rows).toBeGreaterThan(100);
  });
});

describe('repair', () => {
  it('makes a database where there is none', () => {
    rmSync(home.database);
    expect(repair()).toMatchObject({ database: 'missing', kept: null, runs: { all: 3, added: ['r0', 'r1', 'r2'] } });
  });

  it('of a sound one reads in what is missing, and figures anew', () => {
    addRunFolder(home.paths, 'r9');
    const store = home.open();
    store.runs.forgetFrom('r0', 0);
    store.close();
    expect(repair()).toMatchObject({ database: 'sound', kept: null, runs: { all: 4, added: ['r9'], unsound: [] }, audit: { rows: 400, broken: null } });
    const after = home.open();
    expect(after.runs.metrics('r0', 0, 100).steps.step).toHaveLength(9);
    after.close();
  });

  it('takes out a row that cannot be understood, keeps it in a file, and reads its folder in', () => {
    const database = new Database(home.database, keepingLogger());
    database.execute("UPDATE runs SET state = 'dancing' WHERE run = 'r1'");
    database.execute(`INSERT INTO settings VALUES ('max_restarts', '"many"', '2026-05-01T00:00:00Z')`);
    database.close();
    const { refused, runs } = repair();
    expect([refused.runs, refused.settings, runs.added]).toEqual([['r1'], ['max_restarts'], ['r1']]);
    expect(JSON.parse(readFileSync(refused.file ?? '', 'utf8').split('\n')[0] ?? '')).toMatchObject({ table: 'runs', row: { run: 'r1', state: 'dancing' } });
  });

  it('leaves a database of a later version alone', () => {
    const database = new Database(home.database, keepingLogger());
    database.pragma('user_version = 99');
    database.close();
    const before = readFileSync(home.database);
    expect(() => home.open()).toThrow(expect.objectContaining({ code: 'STORE_NEWER' }));
    expect(repair).toThrow(expect.objectContaining({ code: 'STORE_NEWER' }));
    expect(readFileSync(home.database)).toEqual(before);
    expect(existsSync(`${home.database}-wal`)).toBe(false);
  });
});
