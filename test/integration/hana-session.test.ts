/** Sessions with a HANA, with both drivers: what goes in comes back, a transaction is whole or nothing, and a line that was cut is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessSession } from '../../main/workers/hana-process.ts';
import { driversToTest, startHana, type HanaServer } from '../support/hana-server.ts';
import { startHanaProcess, type TestHanaProcess } from '../support/hana-sessions.ts';

const columns =
  'ID NVARCHAR(36) PRIMARY KEY, NAME NVARCHAR(5000), N INTEGER, B BIGINT, D DOUBLE, M DECIMAL(20,4), F DECIMAL, AT TIMESTAMP, SD SECONDDATE, DAY DATE, TM TIME, OK BOOLEAN, DOC NCLOB, RAW BLOB';
const insert = `INSERT INTO T (${columns
  .replaceAll(/\([^)]*\)/g, '')
  .split(', ')
  .map((column) => column.split(' ')[0])
  .join(', ')}) VALUES (${Array.from({ length: 14 }, () => '?').join(', ')})`;
const large = 'ü€😀 a line of text\n'.repeat(60_000).slice(0, 1_048_577);

describe.each(driversToTest)('$driver', ({ driver, missing }) => {
  describe.skipIf(missing !== null)(missing ?? 'here', () => {
    let server: HanaServer;
    let hana: TestHanaProcess;
    let session: ProcessSession;

    beforeAll(async () => {
      server = await startHana();
      hana = startHanaProcess();
      session = await hana.open(server.connection({ driver }));
      await session.update(`CREATE COLUMN TABLE T (${columns})`);
      await session.update("INSERT INTO T (ID) VALUES ('taken-1')");
      await session.commit();
    });
    afterAll(async () => {
      await session.close();
      hana.process.close();
      await server.stop();
      expect(hana.output).toEqual([]);
    });

    it('gives every value back as it was', async () => {
      const row = [
        ...['a', '😀 Grüße 你好', 42, '9007199254740993', 1.5, '1234567890123456.7891', '-0.000123'],
        ...['2026-11-22T10:20:30.1234567Z', '2026-11-22T10:20:30Z', '2026-02-28', '23:59:58', true, 'short', Buffer.from([0, 1, 255]).toString('base64')],
      ];
      expect(await session.update(insert, row)).toBe(1);
      const [found] = await session.query('SELECT * FROM T WHERE ID = ?', ['a']);
      expect(Object.values(found ?? {})).toEqual(row);
    });

    it('gives NULL back as null', async () => {
      await session.update(insert, ['nulls', ...Array.from({ length: 13 }, () => null)]);
      const [found] = await session.query("SELECT * FROM T WHERE ID = 'nulls'");
      expect(Object.values(found ?? {}).slice(1)).toEqual(Array.from({ length: 13 }, () => null));
    });

    it('takes 5,000 units of NVARCHAR and a megabyte and one of NCLOB', async () => {
      const name = 'x😀'.repeat(1_666) + 'xy';
      const blob = Buffer.alloc(700_001, 7).toString('base64');
      expect(await session.update('INSERT INTO T (ID, NAME, DOC, RAW) VALUES (?, ?, ?, ?)', ['large', name, large, blob])).toBe(1);
      expect(
        await session.batch('UPDATE T SET DOC = ? WHERE ID = ?', [
          [large, 'large'],
          ['x', 'nobody'],
        ]),
      ).toBe(1);
      const [found] = await session.query("SELECT NAME, DOC, RAW FROM T WHERE ID = 'large'");
      expect(name).toHaveLength(5_000);
      expect([found?.['NAME'] === name, found?.['DOC'] === large, found?.['RAW'] === blob]).toEqual([true, true, true]);
    });

    it('takes an instant with an offset as the instant that it is', async () => {
      await session.update('INSERT INTO T (ID, AT) VALUES (?, ?)', ['offset', '2026-11-22T09:00:00+09:00']);
      expect(await session.query("SELECT AT FROM T WHERE ID = 'offset'")).toEqual([{ AT: '2026-11-22T00:00:00.000Z' }]);
    });

    it('takes batches of any size, and gives rows back in order', async () => {
      const rows = Array.from({ length: 2_345 }, (_, index) => [`k${index}`, index, `text of ${index}`]);
      expect(await session.batch('INSERT INTO T (ID, N, DOC) VALUES (?, ?, ?)', rows)).toBe(2_345);
      const found = await session.query("SELECT ID, N, DOC FROM T WHERE ID LIKE 'k%' ORDER BY N");
      expect(found.map((row) => Object.values(row))).toEqual(rows);
    });

    it('rolls back what was not committed', async () => {
      await session.commit();
      await session.update("DELETE FROM T WHERE ID LIKE 'k%'");
      await session.rollback();
      expect(await session.query("SELECT COUNT(*) AS N FROM T WHERE ID LIKE 'k%'")).toEqual([{ N: 2_345 }]);
      await session.commit();
    });

    it.each([
      ['INSERT INTO T (ID) VALUES (?)', ['taken-1'], 'HANA_DUPLICATE'],
      ['INSERT INTO T (ID) VALUES (?)', ['far too long for that column, which takes 36'], 'HANA_VALUE_REFUSED'],
      ['SELECT * FROM NOPE', [], 'HANA_TABLE_MISSING'],
      ['SELECT NOPE FROM T', [], 'HANA_TABLE_MISSING'],
      ['CREATE COLUMN TABLE T (A INTEGER)', [], 'HANA_TABLE_EXISTS'],
      ['SELEC 1 FROM DUMMY', [], 'HANA_STATEMENT_REFUSED'],
      ['INSERT INTO T (ID, N) VALUES (?, ?)', ['new-1', 'twenty'], 'HANA_VALUE_REFUSED'],
    ] as const)('%s: told by its code, without a value', async (sql, params, code) => {
      const failure: unknown = await session.update(sql, params).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code });
      for (const value of params) expect((failure as Error).message).not.toContain(value);
      await session.rollback();
    });

    it.each(['before', 'after'] as const)('a line that is cut %s the statement: the session is lost, and no commit comes through', async (drop) => {
      const other = await hana.open(server.connection({ driver }));
      await other.update('INSERT INTO T (ID) VALUES (?)', [`lost ${drop}`]);
      await server.faults({ match: 'UPDATE T SET N', fault: { drop } });
      await expect(other.update('UPDATE T SET N = 1 WHERE ID = ?', ['a'])).rejects.toMatchObject({ code: 'HANA_LOST' });
      await server.faults();
      await expect(other.commit()).rejects.toMatchObject({ code: 'HANA_LOST' });
      await expect(other.query('SELECT * FROM DUMMY')).rejects.toMatchObject({ code: 'HANA_LOST' });
      await other.close();
      await session.commit();
      expect(await session.query('SELECT ID FROM T WHERE ID = ?', [`lost ${drop}`])).toEqual([]);
    });

    it('a line that is cut while nothing is asked: the commit after it fails', async () => {
      const other = await hana.open(server.connection({ driver }));
      await other.update('INSERT INTO T (ID) VALUES (?)', ['idle']);
      await server.dropAll();
      await expect(other.commit()).rejects.toMatchObject({ code: 'HANA_LOST' });
      await other.close();
      session = await hana.open(server.connection({ driver }));
      expect(await session.query("SELECT ID FROM T WHERE ID = 'idle'")).toEqual([]);
    });

    it('waits no longer than it was told', async () => {
      const other = await hana.open(server.connection({ driver, answer_timeout_seconds: 0.5 }));
      await server.faults({ match: 'SLOW', fault: { delayMs: 5_000 } });
      await expect(other.query('SELECT 1 AS SLOW FROM DUMMY')).rejects.toMatchObject({ code: expect.stringMatching(/HANA_SLOW|HANA_LOST/) as string });
      await server.faults();
      await expect(other.commit()).rejects.toMatchObject({ code: 'HANA_LOST' });
      await other.close();
    });

    it('a call that is cancelled ends at once', async () => {
      const other = await hana.open(server.connection({ driver }));
      await server.faults({ match: 'SLOW', fault: { delayMs: 20_000 } });
      const began = Date.now();
      const slow = other.query('SELECT 1 AS SLOW FROM DUMMY');
      setTimeout(() => other.cancel(), 100);
      await expect(slow).rejects.toMatchObject({ code: 'HANA_LOST' });
      expect(Date.now() - began).toBeLessThan(5_000);
      await server.faults();
      await other.close();
    });

    it('sessions of a process that was killed are lost', async () => {
      const other = startHanaProcess();
      const open = await other.open(server.connection({ driver }));
      const slow = open.query('SELECT * FROM DUMMY');
      other.process.close();
      await expect(slow).rejects.toMatchObject({ code: 'HANA_LOST' });
      await expect(open.commit()).rejects.toMatchObject({ code: 'HANA_LOST' });
      await open.close();
    });
  });
});
