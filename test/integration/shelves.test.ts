/** The shelves through the command line: models and data sets are found by name, checked, kept from being lost, and taken off. */
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { eventsOf, type CliEnd } from '../support/lathe-cli.ts';
import { runLathe } from '../support/run-lathe.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();
let runs: TinyRuns;
const lathe = (...args: readonly string[]): Promise<CliEnd> => runs.lathe([...args, '--json']).ended;
const done = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  const end = await lathe(...args);
  expect(end, end.stderr).toMatchObject({ code: 0 });
  return eventsOf(end, 'done')[0] ?? {};
};
const refused = async (...args: readonly string[]): Promise<unknown> => eventsOf(await lathe(...args), 'error')[0]?.['code'];

describe('the shelves', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder, { rows: 40 });
  });

  it('hold a linked model and a copied data set, each folder with an entry that explains it', async () => {
    const model = await done('model', 'add', runs.model, '--name', 'tiny');
    expect(model).toMatchObject({
      kind: 'model',
      path: runs.model,
      is_copy: false,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      facts: { format: 'huggingface' },
    });
    const data = await done('dataset', 'add', runs.data, '--name', 'rows', '--copy', '--model', 'tiny');
    expect(data).toMatchObject({ is_copy: true, path: join(runs.home, 'datasets', 'rows', 'files', 'rows.jsonl'), facts: { rows: 40 } });
    expect(readFileSync(String(data['path']))).toEqual(readFileSync(runs.data));
    expect(parse(readFileSync(join(runs.home, 'datasets', 'rows', 'entry.yaml'), 'utf8'))).toMatchObject({ name: 'rows', path: join('files', 'rows.jsonl') });
    expect(await done('model', 'list')).toMatchObject({ items: [{ name: 'tiny' }] });
  });

  it('give their names to every command, with a core and without', async () => {
    const train = await done('train', '--model', 'tiny', '--data', 'rows', '--max-steps', '2', '--out', runs.out('named'));
    expect(train).toMatchObject({ steps: 2 });
    expect(await done('generate', '--model', 'tiny', '--prompt', 'Q1', '--max-tokens', '2')).toMatchObject({ event: 'done' });
    expect(await done('model', 'show', 'tiny')).toMatchObject({ runs: [expect.any(String)] });
    // Whoever reads the list knows it by that name, whoever parses it by the path.
    const list = await runLathe(['run', 'list'], { home: runs.home, env: { LATHE_HOME: runs.home } });
    expect(list.stdout).toMatch(/^\S+ +done .* tiny$/m);
    expect(await done('run', 'list')).toMatchObject({ runs: [{ model: runs.model }] });
  });

  it('refuse a name that is taken, one that leads away, and a file of another kind', async () => {
    expect(await refused('model', 'add', runs.model, '--name', 'tiny')).toBe('SHELF_NAME_TAKEN');
    expect(await refused('model', 'add', runs.model, '--name', 'lathe-base')).toBe('SHELF_NAME_TAKEN');
    for (const name of ['../x', 'a/b', '.hidden', '']) expect(await refused('model', 'add', runs.model, '--name', name)).toBe('INPUT_INVALID');
    expect(await refused('dataset', 'add', runs.model, '--name', 'wrong')).toBe('SHELF_KIND');
    expect(await refused('model', 'add', join(folder, 'none'), '--name', 'none')).toBe('FILE_MISSING');
    expect(await refused('model', 'show', 'none')).toBe('SHELF_UNKNOWN');
    expect(readdirSync(join(runs.home, 'models'))).toEqual(['tiny']);
  });

  it('notice a file that is not what was added', async () => {
    expect(await done('dataset', 'check')).toMatchObject({ checks: [{ name: 'rows', problem: null }] });
    expect(await done('model', 'check', 'tiny')).toMatchObject({ checks: [{ problem: null }] });
    const path = join(runs.home, 'datasets', 'rows', 'files', 'rows.jsonl');
    const before = readFileSync(path);
    appendFileSync(path, '{"prompt":"more","completion":"rows"}\n');
    expect(await refused('dataset', 'check', 'rows')).toBe('SHELF_CHANGED');
    writeFileSync(path, before);
  });

  it('come back from their folders when the database is lost', async () => {
    const before = (await done('model', 'list'))['items'];
    rmSync(join(runs.home, 'lathe.db'));
    expect(await done('repair')).toMatchObject({ shelf: { added: ['model tiny', 'dataset rows'], unsound: [] } });
    expect((await done('model', 'list'))['items']).toEqual(before);
  });

  it('tell what was made from something before it goes, and leave linked files alone', async () => {
    await done('run', 'list');
    expect(await done('train', '--model', 'tiny', '--data', 'rows', '--max-steps', '1', '--out', runs.out('again'))).toMatchObject({ steps: 1 });
    const end = await lathe('model', 'remove', 'tiny');
    expect([end.code, end.stderr]).toEqual([2, expect.stringMatching(/made from: run .*--force/)]);
    await done('model', 'remove', 'tiny', '--force');
    await done('dataset', 'remove', 'rows', '--force');
    expect([existsSync(runs.model), existsSync(join(runs.home, 'datasets', 'rows')), readdirSync(join(runs.home, 'models'))]).toEqual([true, false, []]);
    expect(await done('audit', 'list', '--limit', '2')).toMatchObject({
      entries: [{ action: 'datasets.remove' }, { action: 'models.remove', subject: 'model tiny' }],
    });
  });
});
