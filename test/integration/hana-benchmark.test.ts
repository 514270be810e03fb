/** A benchmark whose items are in a HANA: fetched before each run, scored as from a file, and those of the last time where HANA is away. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFiles } from '../../main/platform/project-files.ts';
import { HanaHome } from '../support/hana-home.ts';
import { startHana, whyNoHana, type HanaServer } from '../support/hana-server.ts';
import { startHanaProcess } from '../support/hana-sessions.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const fields = { goal: 'GOAL', sol1: 'SOL1', sol2: 'SOL2', label: 'LABEL' };
const task = (hana: boolean) => ({
  ...{ name: hana ? 'there' : 'here', title: 'Two ways', version: 1, kind: 'multiple_choice', prompt: 'Question: {{ goal }}\nAnswer:' },
  ...{ choices: { templates: ['{{ sol1 }}', '{{ sol2 }}'] }, answer: { field: 'label' }, metrics: ['acc'] },
  data: {
    file: 'here',
    url: '',
    split: 'test',
    licence: 'made for this test',
    ...(hana && { hana: { connection: 'office', table: 'ITEMS', fields, order_by: 'ID' } }),
  },
});
const items = Array.from({ length: 6 }, (_, id) => ({ goal: `Where does parcel ${id} go?`, sol1: 'shipping', sol2: 'billing', label: id % 2 }));

describe.skipIf(whyNoHana !== null)(`a benchmark out of a HANA (${whyNoHana ?? 'here'})`, { timeout: 120_000 }, () => {
  const home = new HanaHome(join(temporaryFolder(), 'home'));
  const folder = join(home.home, 'benchmarks');
  let server: HanaServer;
  const add = async (...rows: typeof items): Promise<void> => {
    const hana = startHanaProcess();
    const session = await hana.open(server.connection());
    const [found] = await session.query('SELECT COUNT(*) AS N FROM ITEMS');
    await session.batch(
      'INSERT INTO ITEMS (ID, GOAL, SOL1, SOL2, LABEL) VALUES (?, ?, ?, ?, ?)',
      rows.map(({ goal, sol1, sol2, label }, i) => [Number(found?.['N'] ?? 0) + i, goal, sol1, sol2, label]),
    );
    await session.commit();
    await session.close();
    hana.process.close();
  };
  const score = async (name: string): Promise<Record<string, unknown>> => {
    const { code, stderr, last } = await home.lathe(['benchmark', 'run', '--json', '--models', projectFiles.embeddedModel, '--benchmarks', name]);
    expect(code, stderr).toBe(0);
    return last;
  };
  /** Of a run's only score. */
  const recordsOf = (last: Record<string, unknown>, name: string): string[] => {
    const path = join(folder, 'runs', String(last['run']), `1-${name}.jsonl`);
    return readFileSync(path, 'utf8').trim().split('\n').slice(1);
  };

  beforeAll(async () => {
    server = await startHana();
    const hana = startHanaProcess();
    const session = await hana.open(server.connection());
    await session.update('CREATE COLUMN TABLE ITEMS (ID INTEGER PRIMARY KEY, GOAL NVARCHAR(200), SOL1 NVARCHAR(50), SOL2 NVARCHAR(50), LABEL INTEGER)');
    await session.commit();
    await session.close();
    hana.process.close();
    await add(...items);
    await home.keepPassword();
    const place = ['--host', '127.0.0.1', '--port', String(server.port), '--user', 'ADMIN', '--secret', 'hana', '--no-encrypt'];
    expect(await home.lathe(['hana', 'add', 'office', ...place])).toMatchObject({ code: 0 });
    mkdirSync(folder, { recursive: true });
    for (const hana of [true, false]) writeFileSync(join(folder, `${task(hana).name}.yaml`), stringify(task(hana)));
    writeFileSync(join(folder, 'here.jsonl'), items.map((item) => JSON.stringify(item)).join('\n'));
  }, 60_000);
  afterAll(() => server.stop());

  it('is scored as from a file', async () => {
    const there = recordsOf(await score('there'), 'there');
    expect(there).toHaveLength(items.length);
    expect(there).toEqual(recordsOf(await score('here'), 'here'));
  });

  it('has what is in HANA when it is run, each state in a file of its own', async () => {
    await add({ goal: 'And this one?', sol1: 'shipping', sol2: 'billing', label: 0 });
    expect(recordsOf(await score('there'), 'there')).toHaveLength(items.length + 1);
    expect(readdirSync(join(folder, 'hana'))).toHaveLength(2);
  });

  it('takes the items of the last time where HANA is away, and is refused where there are none', async () => {
    await server.stop();
    expect(recordsOf(await score('there'), 'there')).toHaveLength(items.length + 1);
    writeFileSync(join(folder, 'other.yaml'), stringify({ ...task(true), name: 'other' }));
    const { code, stderr } = await home.lathe(['benchmark', 'run', '--models', projectFiles.embeddedModel, '--benchmarks', 'other']);
    expect([code, stderr]).toEqual([6, expect.stringMatching(/Nothing answers at 127\.0\.0\.1/)]);
  });
});
