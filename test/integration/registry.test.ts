/** Model versions through the real command line and the real engine: from a run to an approved version, out as a folder, and in again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { eventsOf, type CliEnd } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();
let runs: TinyRuns;
const slow = 300_000;

const registry = (...args: readonly string[]): Promise<CliEnd> => runs.lathe(['registry', ...args, '--json']).ended;
const done = (end: CliEnd): Record<string, unknown> => {
  expect(end.stderr).toBe('');
  return eventsOf(end, 'done')[0] ?? {};
};

beforeAll(async () => {
  runs = await TinyRuns.in(folder, { rows: 40 });
}, slow);

it(
  'registers a run when it is done, finds it again, lets it out, and is used by its name',
  async () => {
    const trained = await runs.train('first', ['--max-steps', '3', '--rank', '4', '--register', 'tiny']).ended;
    expect(done(trained)).toMatchObject({ version: 'tiny@1.0.0' });
    const second = await runs.train('second', ['--max-steps', '3', '--rank', '2']).ended;
    const { run } = done(second);
    expect(done(await registry('register', 'tiny', '--run', String(run), '--tag', 'smaller', '--description', 'Half the rank.'))).toMatchObject({
      version: '1.0.1',
    });
    const listed = done(await registry('list', '--metric', 'loss<100', '--tag', 'smaller'));
    expect(listed['versions']).toMatchObject([{ name: 'tiny', version: '1.0.1', state: 'draft', tags: ['smaller'], base_model: { name: 'model' } }]);
    const { differences } = done(await registry('compare', 'tiny@1.0.0', 'tiny@smaller')) as { differences: { field: string; change: number }[] };
    expect(differences).toContainEqual(expect.objectContaining({ field: 'parameters.lora.rank', value1: 4, value2: 2, change: -2 }));
    const early = await registry('approve', 'tiny@1.0.0', '--reason', 'at once');
    expect([early.code, eventsOf(early, 'error')[0]?.['code']]).toEqual([2, 'VERSION_STATE']);
    done(await registry('propose', 'tiny@1.0.0'));
    expect(done(await registry('approve', 'tiny@1.0.0', '--reason', 'It is small.'))).toMatchObject({ state: 'approved' });
    const scored = await runs.lathe(['evaluate', '--json', '--model', runs.model, '--data', runs.data, '--adapter', 'tiny@smaller']).ended;
    expect(done(scored)['loss']).toEqual(expect.any(Number));
  },
  slow,
);

it(
  'writes a folder that it takes in again, and refuses what is no adapter or was changed',
  async () => {
    const out = join(folder, 'exported');
    const { files } = done(await registry('export', 'tiny@1.0.0', '--to', out)) as { files: string[] };
    expect(files).toContain('README.md');
    const imported = done(await registry('import', 'copied', '--adapter', out, '--model', runs.model));
    const own = done(await registry('show', 'tiny@1.0.0'));
    expect(imported).toMatchObject({ name: 'copied', version: '1.0.0', kind: 'adapter', record: { origin: 'import', parameters: { lora: { rank: 4 } } } });
    const weights = (details: Record<string, unknown>): unknown =>
      (details['record'] as { artifacts: { path: string; sha256: string }[] }).artifacts.find(({ path }) => path.endsWith('.safetensors'))?.sha256;
    expect(weights(imported)).toBe(weights(own));
    expect((imported['base_model'] as { sha256: string }).sha256).toBe((own['base_model'] as { sha256: string }).sha256);
    const model = await registry('import', 'wrong', '--adapter', runs.model);
    expect([model.code, eventsOf(model, 'error')[0]?.['code']]).toEqual([2, 'REGISTRY_SOURCE']);
    const path = join(String(imported['dir']), 'adapter', 'adapter_model.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const used = await runs.lathe(['generate', '--json', '--model', runs.model, '--adapter', 'copied@latest', '--prompt', 'x']).ended;
    expect([used.code, eventsOf(used, 'error')[0]?.['code']]).toEqual([3, 'ARTIFACT_CHANGED']);
  },
  slow,
);

it(
  'registers what a host in the background trained, although nobody waits for it',
  async () => {
    const left = done(await runs.train('left', ['--max-steps', '2', '--register', 'left', '--detach']).ended);
    let found: readonly unknown[] = [];
    for (let look = 0; look < 120 && found.length === 0; look += 1) {
      await pause(500);
      found = done(await registry('list', '--run', String(left['run'])))['versions'] as readonly unknown[];
    }
    expect(found).toMatchObject([{ name: 'left', version: '1.0.0', run: left['run'] }]);
  },
  slow,
);

it(
  'takes in a GGUF adapter that scores as the adapter it was made from',
  async () => {
    const out = join(folder, 'tiny.gguf');
    const trained = done(await runs.train('for-gguf', ['--max-steps', '6', '--rank', '4', '--learning-rate', '0.05', '--register', 'gguf-source']).ended);
    const exported = await runs.lathe(['export', '--json', '--model', runs.model, '--adapter', String(trained['adapter']), '--to', 'gguf', '--out', out]).ended;
    expect(exported.code, exported.stderr).toBe(0);
    done(await runs.lathe(['model', 'add', '--json', '--name', 'small-base', runs.model]).ended);
    const imported = done(await registry('import', 'from-gguf', '--adapter', out, '--model', 'small-base'));
    expect(imported).toMatchObject({ kind: 'adapter', record: { artifacts: expect.arrayContaining([expect.objectContaining({ path: 'adapter.gguf' })]) } });
    // By its bytes the base is the one on the shelf, under that name, though the run knew it as a folder called `model`.
    expect(done(await registry('list', '--base', 'small-base', '--text', 'gguf-source'))['versions']).toMatchObject([{ base_model: { name: 'small-base' } }]);
    const { similarities } = done(await registry('compare', 'gguf-source@latest', 'from-gguf@latest')) as { similarities: object[] };
    expect(similarities).toEqual(expect.arrayContaining(['base_model.name', 'base_model.sha256'].map((field) => expect.objectContaining({ field }) as object)));
    const scoreOf = async (...adapter: readonly string[]): Promise<Record<string, unknown>> =>
      done(await runs.lathe(['evaluate', '--json', '--model', runs.model, '--data', runs.data, ...adapter]).ended);
    const [bare, own, taken] = [await scoreOf(), await scoreOf('--adapter', String(trained['adapter'])), await scoreOf('--adapter', 'from-gguf@latest')];
    expect(taken['loss']).toBe(own['loss']);
    expect(taken['exact_match']).toBe(own['exact_match']);
    expect(taken['loss']).not.toBe(bare['loss']);
  },
  slow,
);
