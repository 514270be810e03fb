/**
 * The contract of a session on a real HANA: `HANA_URL=hana://USER:PASSWORD@HOST:PORT/SCHEMA` (and `?encrypt=false`, `?ca=FILE`, `?certificate_host=NAME`).
 * It makes and drops a table of its own, and Lathe's tables in that schema.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineHana } from '../../main/services/hana/examine-hana.ts';
import { migrateSchema } from '../../main/services/hana/schema/migrate-schema.ts';
import type { ProcessSession } from '../../main/workers/hana-process.ts';
import { HanaConnection, hanaDrivers } from '../../shared/domain/hana-connection.ts';
import { whyNoHanaDriver } from '../support/hana-server.ts';
import { startHanaProcess, type TestHanaProcess } from '../support/hana-sessions.ts';

const url = process.env['HANA_URL'] === undefined ? null : new URL(process.env['HANA_URL']);
const without = 'HANA_URL names no HANA';

function connectionIn({ hostname, port, username, pathname, searchParams: options }: URL): HanaConnection {
  const schema = pathname.slice(1);
  return HanaConnection.parse({
    ...{ name: 'real', host: hostname, port: Number(port === '' ? 443 : port), user: decodeURIComponent(username), secret: 'hana' },
    ...(schema === '' ? {} : { schema }),
    ...(options.has('encrypt') ? { encrypt: options.get('encrypt') !== 'false' } : {}),
    ...{ ca_file: options.get('ca'), certificate_host: options.get('certificate_host') },
  });
}

describe.each(hanaDrivers.map((driver) => ({ driver, missing: url === null ? without : whyNoHanaDriver(driver) })))('$driver', ({ driver, missing }) => {
  describe.skipIf(missing !== null)(missing ?? 'a real HANA', { timeout: 120_000 }, () => {
    const table = `LATHE_TEST_${randomBytes(6).toString('hex').toUpperCase()}`;
    let hana: TestHanaProcess;
    let session: ProcessSession;
    const connection = (): HanaConnection => ({ ...connectionIn(url ?? new URL('hana://x')), driver });
    const open = (): Promise<ProcessSession> => hana.open(connection(), decodeURIComponent(url?.password ?? ''));

    beforeAll(async () => {
      hana = startHanaProcess();
      session = await open();
      await session.update(
        `CREATE COLUMN TABLE ${table} (ID NVARCHAR(36) PRIMARY KEY, NAME NVARCHAR(5000), B BIGINT, M DECIMAL(20,4), AT TIMESTAMP, DAY DATE, OK BOOLEAN, DOC NCLOB, RAW BLOB)`,
      );
      await session.commit();
    }, 120_000);
    afterAll(async () => {
      await session.update(`DROP TABLE ${table}`);
      await session.commit();
      await session.close();
      hana.process.close();
    }, 120_000);

    it('is what it says it is', async () => {
      const { version, round_trip_ms: trip } = await examineHana(session, connection());
      expect([typeof version, trip > 0]).toEqual(['string', true]);
    });

    it('gives every value back as it was', async () => {
      const text = 'ü€😀 a line\n'.repeat(100_000).slice(0, 1_048_577);
      const rows = [
        [
          'a',
          'x😀'.repeat(1_666),
          '9007199254740993',
          '1234567890123456.7891',
          '2026-11-22T10:20:30.1234567Z',
          '2026-02-28',
          true,
          text,
          Buffer.alloc(70_001, 7).toString('base64'),
        ],
        ['nulls', null, null, null, null, null, null, null, null],
      ];
      expect(await session.batch(`INSERT INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, rows)).toBe(2);
      const found = await session.query(`SELECT * FROM ${table} ORDER BY ID`);
      expect(found.map((row, index) => Object.values(row).map((value, column) => value === rows[index]?.[column]))).toEqual(
        rows.map((row) => row.map(() => true)),
      );
      await session.commit();
    });

    it('is whole or nothing, and says what it refuses by a code', async () => {
      await session.update(`DELETE FROM ${table}`);
      await session.rollback();
      expect(Number((await session.query(`SELECT COUNT(*) AS N FROM ${table}`))[0]?.['N'])).toBe(2);
      const refused = async (sql: string, params: readonly string[] = []): Promise<unknown> => {
        const failure: unknown = await session.update(sql, params).catch((error: unknown) => (error as { code: unknown }).code);
        await session.rollback();
        return failure;
      };
      expect(await refused(`INSERT INTO ${table} (ID) VALUES (?)`, ['a'])).toBe('HANA_DUPLICATE');
      expect(await refused(`INSERT INTO ${table} (ID) VALUES (?)`, ['x'.repeat(37)])).toBe('HANA_VALUE_REFUSED');
      expect(await refused('SELECT * FROM LATHE_TEST_NOWHERE')).toBe('HANA_TABLE_MISSING');
      expect(await refused(`CREATE COLUMN TABLE ${table} (A INTEGER)`)).toBe('HANA_TABLE_EXISTS');
      expect(await refused('SELEC 1 FROM DUMMY')).toBe('HANA_STATEMENT_REFUSED');
    });

    it("takes Lathe's tables, and finds them made", async () => {
      await migrateSchema({ session, holder: 'test/real', lathe: '0.0.0' });
      expect((await migrateSchema({ session, holder: 'test/real', lathe: '0.0.0' })).made).toEqual([]);
    });
  });
});
