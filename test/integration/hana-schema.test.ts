/** Lathe's tables in a HANA: made once, by one of many, and made whole by whoever comes after one that was cut off at any statement. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entityTables, syncColumnTypes } from '../../main/services/hana/schema/entity-tables.ts';
import { migrateSchema, readSteps, type MigratedSchema } from '../../main/services/hana/schema/migrate-schema.ts';
import { checksumOf, groundObjects, schemaSteps } from '../../main/services/hana/schema/steps.ts';
import { step1 } from '../../main/services/hana/schema/step-1.ts';
import { row, table, type SchemaStep } from '../../main/services/hana/schema/schema-step.ts';
import type { ProcessSession } from '../../main/workers/hana-process.ts';
import { HanaHome } from '../support/hana-home.ts';
import { startHana, whyNoHana, type HanaServer } from '../support/hana-server.ts';
import { startHanaProcess, type TestHanaProcess } from '../support/hana-sessions.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const everything = [...groundObjects, ...schemaSteps.flatMap(({ objects }) => objects)];
const tables = everything.flatMap(({ kind, name }) => (kind === 'table' || kind === 'view' ? [name] : []));
/** Every so manieth statement is cut. */
const stride = 9;
const dead = { lathe: '0.1.0', holder: 'other/dead' };

describe('the steps', () => {
  it('that were given out are as they were', () => {
    expect(schemaSteps.map((step) => [step.version, checksumOf(step)])).toEqual([[1, '0ec167277638ca54c1340d4f125c36503ea42500fd9e9c8dbf100cb17ce6c96b']]);
  });

  it('never refuse what a payload holds: columns for people are cut to what fits', () => {
    const payload = { name: `${'x'.repeat(255)}😀`, state: 5, loss: Number.NaN, created: 'never', step: 1.5, metrics: [{ name: 'acc', value: 0.5 }] };
    const { NAME, STATE, LOSS, CREATED, STEP } = entityTables.run.columns;
    expect([NAME, STATE, LOSS, CREATED, STEP].map(({ read }) => read(payload))).toEqual(['x'.repeat(255), null, null, null, null]);
    expect(entityTables.benchmark.columns.SCORE.read(payload)).toBe(0.5);
  });
});

describe.skipIf(whyNoHana !== null)(`the schema (${whyNoHana ?? 'here'})`, () => {
  let server: HanaServer;
  let hana: TestHanaProcess;
  const open = (): Promise<ProcessSession> => hana.open(server.connection());
  const fresh = async (lockWaitMs = 2_000): Promise<void> => {
    await server.stop();
    server = await startHana({ lockWaitMs });
  };
  const migrate = async (holder = 'this/1', steps = schemaSteps): Promise<MigratedSchema> => {
    const session = await open();
    try {
      return await migrateSchema({ session, holder, lathe: '0.1.0', steps });
    } finally {
      await session.close();
    }
  };
  const isWhole = async (): Promise<void> => {
    const session = await open();
    for (const name of tables) expect(await session.query(`SELECT * FROM ${name} WHERE 1 = 0`)).toEqual([]);
    expect(await session.query('SELECT ID, SEQ, MIN_SEQ, MIN_CLIENT FROM LATHE_SYNC_CLOCK')).toEqual([{ ID: 1, SEQ: 0, MIN_SEQ: 0, MIN_CLIENT: 1 }]);
    expect(await session.query('SELECT ID FROM LATHE_SCHEMA_LOCK')).toEqual([{ ID: 1 }]);
    expect(await session.query('SELECT VERSION, LATHE FROM LATHE_SCHEMA_MIGRATIONS')).toEqual([{ VERSION: 1, LATHE: '0.1.0' }]);
    await session.close();
  };

  beforeAll(async () => {
    server = await startHana();
    hana = startHanaProcess();
  });
  afterAll(async () => {
    hana.process.close();
    await server.stop();
  });

  it('is made, and made only once', async () => {
    await fresh();
    expect(await migrate()).toEqual({ had: [], made: [1] });
    await isWhole();
    const session = await open();
    expect(await session.query('SELECT HOLDER FROM LATHE_SCHEMA_LOCK')).toEqual([{ HOLDER: null }]);
    await session.close();
    await server.seen({ clear: true });
    expect(await migrate()).toEqual({ had: [1], made: [] });
    expect((await server.seen()).statements.filter((sql) => /CREATE|INSERT|UPDATE/.test(sql))).toEqual([]);
  });

  it('takes rows of every kind with the columns that keep them in step', async () => {
    await fresh();
    await migrate();
    const session = await open();
    for (const { table: name, columns } of Object.values(entityTables)) {
      const names = [...Object.keys(syncColumnTypes), ...Object.keys(columns)];
      const values = ['an id', 1, 'hash', 'device', '2026-01-02T03:04:05.678Z', 0, 7, 1, '{"a":1}', ...Object.values(columns).map(({ read }) => read({}))];
      expect(await session.update(`INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, values)).toBe(1);
      expect(await session.query(`SELECT UPDATED_AT, SEQ, PAYLOAD FROM ${name}`)).toEqual([
        { UPDATED_AT: '2026-01-02T03:04:05.678Z', SEQ: 7, PAYLOAD: '{"a":1}' },
      ]);
    }
    await session.close();
  });

  it('is made by one of two who come at once; the other is told, or finds it made', async () => {
    await fresh();
    const outcomes = await Promise.allSettled([migrate('one/1'), migrate('two/2'), migrate('three/3')]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'HANA_SCHEMA_BUSY' });
    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.made : []));
    expect(made).toEqual([1]);
    await isWhole();
  }, 60_000);

  it('is made whole after one that was cut off before or after any statement', async () => {
    await fresh();
    await server.seen({ clear: true });
    await migrate();
    const count = (await server.seen()).statements.length;
    expect(count).toBeGreaterThan(80);
    let cut = 0;
    for (let at = 2; at <= count; at += stride) {
      await fresh();
      await server.faults({ at, fault: { drop: at % 2 === 0 ? 'before' : 'after' } });
      // What HANA refuses is not lost on the way back, and a lock that is not given back is no failure.
      await migrate().then(undefined, (error: unknown) => {
        cut += 1;
        expect(error).toMatchObject({ code: 'HANA_LOST' });
      });
      await server.faults();
      await migrate();
      await isWhole();
    }
    expect(cut).toBeGreaterThan(count / stride / 2);
  }, 300_000);

  it('is left to who is at it, for as long as it may still live', async () => {
    await fresh();
    const session = await open();
    for (const { sql } of groundObjects) await session.update(sql);
    await session.update('UPDATE LATHE_SCHEMA_LOCK SET HOLDER = ?, TAKEN_AT = CURRENT_UTCTIMESTAMP WHERE ID = 1', [dead.holder]);
    await session.commit();
    await expect(migrate()).rejects.toMatchObject({ code: 'HANA_SCHEMA_BUSY', message: expect.stringMatching(/^other\/dead is at work/) as string });
    await session.update('UPDATE LATHE_SCHEMA_LOCK SET TAKEN_AT = ? WHERE ID = 1', [new Date(Date.now() - 61_000).toISOString()]);
    await session.commit();
    await session.close();
    expect(await migrate()).toMatchObject({ made: [1] });
  });

  it.each([131, 146])('error %i at the lock is tried again, and told in the end', async (code) => {
    await fresh();
    await server.faults({ match: 'FOR UPDATE NOWAIT', times: 3, fault: { error: { code, message: 'taken' } } });
    expect(await migrate()).toMatchObject({ made: [1] });
    await fresh();
    await server.faults({ match: 'FOR UPDATE NOWAIT', times: 99, fault: { error: { code, message: 'taken' } } });
    await expect(migrate()).rejects.toMatchObject({ code: 'HANA_SCHEMA_BUSY' });
  });

  it('is not touched where a step was made otherwise', async () => {
    await fresh();
    await migrate();
    const changed: SchemaStep = { ...step1, objects: [...step1.objects, table('LATHE_MORE', { A: 'INTEGER' })] };
    await expect(migrate('this/1', [changed])).rejects.toMatchObject({ code: 'HANA_SCHEMA_CHANGED', facts: { version: 1 } });
  });

  it("goes on by steps, raises who may write, and leaves a newer Lathe's alone", async () => {
    await fresh();
    await migrate();
    const next: SchemaStep = {
      ...{ version: 2, what: 'more', minClient: 2 },
      objects: [table('LATHE_MORE', { ID: 'INTEGER NOT NULL PRIMARY KEY', A: 'INTEGER' }), row('LATHE_MORE', 'one', '1, 5')],
    };
    expect(await migrate('this/1', [...schemaSteps, next])).toEqual({ had: [1], made: [2] });
    expect(await migrate()).toEqual({ had: [1, 2], made: [] });
    const session = await open();
    expect(await session.query('SELECT MIN_CLIENT FROM LATHE_SYNC_CLOCK')).toEqual([{ MIN_CLIENT: 2 }]);
    expect(await readSteps(session)).toEqual([1, 2]);
    await session.close();
  });

  it('says which right is missing, and how it is granted', async () => {
    await fresh();
    await server.faults({ match: 'CREATE COLUMN TABLE LATHE_SYNC_CLOCK', fault: { error: { code: 258, message: 'insufficient privilege' } } });
    await expect(migrate()).rejects.toMatchObject({
      code: 'HANA_RIGHTS_MISSING',
      remedy: expect.stringContaining('GRANT CREATE ANY ON SCHEMA "ADMIN" TO "ADMIN"') as string,
    });
  });

  it('is made by lathe init, and by the script that a dry run writes', async () => {
    await fresh();
    const home = new HanaHome(join(temporaryFolder(), 'home'));
    await home.keepPassword();
    await home.lathe(['hana', 'add', 'office', '--host', '127.0.0.1', '--port', String(server.port), '--user', 'ADMIN', '--secret', 'hana', '--no-encrypt']);
    const dry = await home.lathe(['init', '--hana', 'office', '--dry-run']);
    expect(dry.stdout).toMatch(/^-- Lathe's tables[\s\S]*CREATE COLUMN TABLE LATHE_SYNC_CLOCK[\s\S]*GRANT SELECT ON SCHEMA "ADMIN" TO "ADMIN";/);
    const session = await open();
    await expect(session.query('SELECT * FROM LATHE_SYNC_CLOCK')).rejects.toMatchObject({ code: 'HANA_TABLE_MISSING' });
    await session.rollback();
    const statements = dry.stdout
      .replaceAll(/^--.*$/gm, '')
      .split(';')
      .map((sql) => sql.trim())
      .filter((sql) => sql !== '' && !/^(SET SCHEMA|COMMIT|GRANT)/.test(sql));
    for (const sql of statements) await session.update(sql);
    await session.commit();
    await session.close();
    await isWhole();
    expect((await home.lathe(['init', '--hana', 'office'])).stdout).toMatch(/are of the newest version \(1\)/);
    await fresh();
    await home.lathe(['hana', 'add', 'office', '--host', '127.0.0.1', '--port', String(server.port), '--user', 'ADMIN', '--secret', 'hana', '--no-encrypt']);
    expect((await home.lathe(['init', '--hana', 'office'])).stdout).toMatch(/are made: version 1/);
    await isWhole();
  }, 60_000);
});
