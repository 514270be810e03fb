/** Training data out of a HANA: fetched into a file by the process of the drivers, gone on with after a cut, put on the shelf and refreshed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchSource, type Fetched } from '../../main/services/hana/data/fetch-source.ts';
import { HanaSource } from '../../shared/domain/hana-source.ts';
import { HanaHome } from '../support/hana-home.ts';
import { driversToTest, hanaPassword, startHana, whyNoHana, type HanaServer } from '../support/hana-server.ts';
import { startHanaProcess, type TestHanaProcess } from '../support/hana-sessions.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const lines = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const rowsOf = (from: number, to: number): (string | number)[][] =>
  Array.from({ length: to - from }, (_, index) => [from + index, `Frage ${from + index}: 😀?`, `Antwort ${from + index}`, from + index]);
const insert = 'INSERT INTO QA (ID, QUESTION, ANSWER, CHANGED) VALUES (?, ?, ?, ?)';
const make = 'CREATE COLUMN TABLE QA (ID INTEGER PRIMARY KEY, QUESTION NVARCHAR(500), ANSWER NCLOB, CHANGED BIGINT)';
const source = (changes: Partial<HanaSource> = {}): HanaSource =>
  HanaSource.parse({ connection: 'test', table: 'QA', fields: { prompt: 'QUESTION', completion: 'ANSWER' }, order_by: 'ID', ...changes });

describe.each(driversToTest)('$driver', ({ driver, missing }) => {
  describe.skipIf(missing !== null)(missing ?? 'here', () => {
    let server: HanaServer;
    let hana: TestHanaProcess;
    let count = 0;
    let cache = '';

    beforeAll(async () => {
      server = await startHana();
      hana = startHanaProcess();
      const session = await hana.open(server.connection({ driver }));
      await session.update(make);
      await session.batch(insert, rowsOf(0, 3_000));
      await session.commit();
      await session.close();
    });
    afterAll(async () => {
      hana.process.close();
      await server.stop();
    });

    const inOne = (): void => {
      cache = join(folder, driver, String((count += 1)));
    };
    const fetch = async (asked: HanaSource, options: { since?: number; cutAfter?: number } = {}): Promise<Fetched> => {
      const session = await hana.open(server.connection({ driver }));
      try {
        const onProgress = ({ rows }: { readonly rows: number }): void => {
          if (options.cutAfter !== undefined && rows >= options.cutAfter) session.cancel();
        };
        return await fetchSource({ source: asked, session, cache, onProgress, since: options.since ?? null });
      } finally {
        await session.close();
      }
    };

    it('fetches every row under its new names', async () => {
      inOne();
      const { file, rows } = await fetch(source());
      expect(rows).toBe(3_000);
      expect(lines(file)).toEqual(rowsOf(0, 3_000).map(([, prompt, completion]) => ({ prompt, completion })));
    });

    it('fetches what a select says, with its values bound', async () => {
      inOne();
      const select = 'SELECT ID, QUESTION AS Q FROM QA WHERE ID >= :least AND QUESTION LIKE :like';
      const { file } = await fetch(source({ table: null, select, params: { least: 2_990, like: 'Frage 299%' }, fields: null, order_by: null }));
      expect(lines(file)).toEqual(rowsOf(2_990, 3_000).map(([id, q]) => ({ id, q })));
    });

    it('stops at the limit', async () => {
      inOne();
      const { file, rows } = await fetch(source({ limit: 7 }));
      expect([rows, lines(file).length]).toEqual([7, 7]);
    });

    it('goes on where it was cancelled, and the file is the same as in one go', async () => {
      inOne();
      const whole = readFileSync((await fetch(source())).file, 'utf8');
      inOne();
      await expect(fetch(source(), { cutAfter: 600 })).rejects.toMatchObject({ code: 'HANA_LOST' });
      await server.seen({ clear: true });
      const { file, rows } = await fetch(source());
      expect(rows).toBe(3_000);
      expect(readFileSync(file, 'utf8') === whole).toBe(true);
      expect((await server.seen()).statements.filter((sql) => sql.includes('"ID" > ?'))).not.toEqual([]);
    });

    it('fetches only what changed since', async () => {
      inOne();
      const { file, rows, changedUntil } = await fetch(source({ change_column: 'CHANGED' }), { since: 2_996 });
      expect([rows, changedUntil]).toEqual([3, 2_999]);
      expect(lines(file)).toEqual(rowsOf(2_997, 3_000).map(([, prompt, completion]) => ({ prompt, completion })));
    });
  });
});

describe.skipIf(whyNoHana !== null)(`lathe dataset add --from-hana (${whyNoHana ?? 'here'})`, () => {
  const home = new HanaHome(join(folder, 'home'));
  let server: HanaServer;
  let hana: TestHanaProcess;
  const add = async (...rows: readonly (readonly (string | number)[])[]): Promise<void> => {
    const session = await hana.open(server.connection());
    if (rows.length === 0) await session.update(make);
    else await session.batch(insert, rows);
    await session.commit();
    await session.close();
  };

  beforeAll(async () => {
    server = await startHana();
    hana = startHanaProcess();
    await add();
    await add(...rowsOf(0, 40));
    await home.keepPassword();
    await home.lathe(['hana', 'add', 'office', '--host', '127.0.0.1', '--port', String(server.port), '--user', 'ADMIN', '--secret', 'hana', '--no-encrypt']);
  });
  afterAll(async () => {
    hana.process.close();
    await server.stop();
  });

  it('puts the rows on the shelf with where they came from, and refreshes them by the change column', async () => {
    const flags = [
      '--from-hana',
      'office',
      '--table',
      'QA',
      '--columns',
      'prompt=QUESTION,completion=ANSWER',
      '--order-by',
      'ID',
      '--change-column',
      'CHANGED',
    ];
    const added = await home.lathe(['dataset', 'add', '--name', 'qa', ...flags, '--json']);
    expect([added.code, added.stderr]).toEqual([0, '']);
    const facts = added.last['facts'] as Record<string, unknown>;
    expect(facts).toMatchObject({ hana_rows: 40, hana_changed_until: 39, rows: 40 });
    expect(HanaSource.parse(JSON.parse(String(facts['hana_source'])))).toMatchObject({ connection: 'office', table: 'QA' });
    expect(String(added.last['path'])).toContain(join('datasets', 'qa'));
    await add(...rowsOf(40, 45));
    const refreshed = await home.lathe(['dataset', 'refresh', 'qa', '--json']);
    expect([refreshed.code, refreshed.stderr]).toEqual([0, '']);
    expect(refreshed.last['facts']).toMatchObject({ hana_rows: 5, hana_changed_until: 44, rows: 45 });
    expect(lines(String(refreshed.last['path']))).toEqual(rowsOf(0, 45).map(([, prompt, completion]) => ({ prompt, completion })));
    expect(refreshed.last['sha256']).not.toBe(added.last['sha256']);
    expect(existsSync(join(home.home, 'cache', 'hana', 'qa.whole.jsonl'))).toBe(false);
  }, 120_000);

  it('says what is wrong with what was asked', async () => {
    const wrong = async (...flags: readonly string[]): Promise<string> =>
      (await home.lathe(['dataset', 'add', '--name', 'no', '--from-hana', 'office', ...flags])).stderr;
    expect(await wrong('--select', 'DELETE FROM QA')).toMatch(/does not begin with SELECT/);
    expect(await wrong('--table', 'QA', '--select', 'SELECT 1 FROM DUMMY')).toMatch(/must be a table or a select, and not both/);
    expect(await wrong('--table', 'NOPE')).toMatch(/NOPE/);
    expect((await home.lathe(['dataset', 'refresh', 'nothing'])).stderr).toMatch(/nothing/);
  }, 120_000);

  it('neither the password nor a row is in what was said or logged', () => {
    expect(home.traces(hanaPassword)).toEqual([]);
    expect(home.traces('Antwort 7').filter((name) => !name.startsWith('datasets'))).toEqual([]);
  });
});
