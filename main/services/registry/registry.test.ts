/** The registry over a real store and real folders: what a version is made of, what may change, and what is left after a kill. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { keepingLogger, type KeptLine } from '../../../test/support/keeping-logger.ts';
import { madeRun, testRegistry, trainerCaller, testCaller, wordsOf } from '../../../test/support/registry.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { RegisterVersion } from '../../../shared/contracts/registry-calls.ts';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import { temporaryBeside } from '../../platform/atomic-files.ts';
import { clearTemporaries, indexVersions, recoverVersions } from './index-versions.ts';

const folder = temporaryFolder();
let count = 0;
const home = (): string => join(folder, String((count += 1)));
const register = (input: Record<string, unknown>) => RegisterVersion.parse(input);
const code = (thrown: unknown): unknown => (thrown as { code?: unknown }).code;
const refusal = async (act: () => unknown): Promise<unknown> => {
  try {
    await act();
    return null;
  } catch (error) {
    return code(error);
  }
};

describe('registering a run', () => {
  it('takes its adapter, settings, figures and origins, and proposes the next number', async () => {
    const { registry, store, paths } = testRegistry(home());
    const { run, dir } = madeRun({ store, paths });
    writeFileSync(join(dir, 'adapter.gguf'), 'GGUF');
    const first = await registry.register(register({ name: 'support', run, description: 'Routes mail.', metadata: { team: 'mail' } }), testCaller);
    expect(first).toMatchObject({ version: '1.0.0', state: 'draft', kind: 'adapter', run, metrics: { final_loss: 0.5, eval_loss: 0.7 } });
    expect(first.record.parameters).toMatchObject({ lora: { rank: 16 }, training: { learning_rate: 2e-4 } });
    expect(first.record.artifacts.map(({ path }) => path)).toEqual([
      'adapter/adapter_config.json',
      'adapter/adapter_model.safetensors',
      'adapter.gguf',
      'card.md',
    ]);
    expect(existsSync(join(paths.registry, 'support', '1.0.0', 'version.yaml'))).toBe(true);
    expect((await registry.register(register({ name: 'support', run }), testCaller)).version).toBe('1.0.1');
    expect(registry.next({ name: 'support', change: 'minor' }).version).toBe('1.1.0');
    expect(await refusal(() => registry.register(register({ name: 'support', version: '1.0.1', run }), testCaller))).toBe('VERSION_TAKEN');
    expect(await registry.verify({ name: 'support', version: '1.0.0' })).toMatchObject({ artifacts: 4, changed: [] });
  });

  it('gives two that come at once two numbers', async () => {
    const { registry, store, paths } = testRegistry(home());
    const { run } = madeRun({ store, paths });
    const made = await Promise.all([0, 1, 2].map(() => registry.register(register({ name: 'support', run }), testCaller)));
    expect(made.map(({ version }) => version).sort()).toEqual(['1.0.0', '1.0.1', '1.0.2']);
  });

  it('refuses a run that is not done', async () => {
    const { registry, store, paths } = testRegistry(home());
    const { run } = madeRun({ store, paths, state: 'failed' });
    expect(await refusal(() => registry.register(register({ name: 'support', run }), testCaller))).toBe('REGISTRY_SOURCE');
    expect(existsSync(join(paths.registry, 'support'))).toBe(false);
  });

  it('keeps a note on a model that is elsewhere, which nobody can approve', async () => {
    const { registry } = testRegistry(home());
    const input = { name: 'vaultgemma-1b', version: '1.0.0', tags: ['instruction-tuning', 'lora'], metadata: { base_model: 'vaultgemma-1b', lora_rank: 16 } };
    const made = await registry.register(register(input), testCaller);
    expect(made).toMatchObject({ kind: 'note', base_model: { name: 'vaultgemma-1b' }, tags: ['instruction-tuning', 'lora'] });
    await registry.setState({ ...wordsOf(made), state: 'candidate', reason: null, against_gate: false }, testCaller);
    expect(await refusal(() => registry.setState({ ...wordsOf(made), state: 'approved', reason: 'fine', against_gate: false }, testCaller))).toBe(
      'VERSION_EMPTY',
    );
  });
});

describe('states', () => {
  it('go one way, with who and why; what is approved no longer changes but for its tags', async () => {
    const { registry, store, paths, events } = testRegistry(home());
    const { run } = madeRun({ store, paths });
    const made = await registry.register(register({ name: 'support', run }), testCaller);
    const key = wordsOf(made);
    expect(await refusal(() => registry.setState({ ...key, state: 'approved', reason: 'at once', against_gate: false }, testCaller))).toBe('VERSION_STATE');
    registry.update({ ...key, description: 'Better words.' }, testCaller);
    await registry.setState({ ...key, state: 'candidate', reason: null, against_gate: false }, trainerCaller);
    expect(await refusal(() => registry.setState({ ...key, state: 'approved', reason: 'I say so', against_gate: false }, trainerCaller))).toBe('ROLE_MISSING');
    await registry.setState({ ...key, state: 'approved', reason: 'beats the base', against_gate: false }, testCaller);
    expect(await refusal(() => registry.update({ ...key, description: 'Other words.' }, testCaller))).toBe('VERSION_IMMUTABLE');
    expect(await refusal(() => registry.remove(key, testCaller))).toBe('VERSION_STATE');
    const tagged = registry.tag({ ...key, tag: 'production', reason: null }, testCaller);
    expect(tagged).toMatchObject({ state: 'approved', description: 'Better words.', tags: ['production'] });
    expect(tagged.states.map(({ state, reason, actor }) => [state, reason, actor.user])).toEqual([
      ['draft', null, 'ada'],
      ['candidate', null, 'bob'],
      ['approved', 'beats the base', 'ada'],
    ]);
    expect(readFileSync(join(made.dir, 'card.md'), 'utf8')).toContain('Better words.');
    expect(await registry.card(key)).toEqual({ markdown: readFileSync(join(made.dir, 'card.md'), 'utf8') });
    expect(await registry.verify(key)).toMatchObject({ changed: [] });
    expect(events.filter(({ event }) => event === 'version.changed')).toHaveLength(5);
    expect(store.audit.verify().broken).toBeNull();
    expect(store.audit.list({ limit: 10, before: null }).map(({ action }) => action)).toEqual([
      'registry.tag',
      'registry.setState',
      'registry.setState',
      'registry.update',
      'registry.register',
    ]);
  });

  it('are not changed for one who read another revision, also where the change comes while an approval reads the files', async () => {
    const { registry, store, paths } = testRegistry(home());
    const { run } = madeRun({ store, paths });
    const key = wordsOf(await registry.register(register({ name: 'support', run }), testCaller));
    const { revision } = await registry.setState({ ...key, state: 'candidate', reason: null, against_gate: false }, testCaller);
    const approval = registry.setState({ ...key, state: 'approved', reason: 'as it was read', against_gate: false }, { ...testCaller, revision });
    const changed = registry.tag({ ...key, tag: 'meanwhile', reason: null }, { ...testCaller, revision });
    await expect(approval).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', facts: { revision: changed.revision, wanted: String(revision) } });
    expect(registry.get(key)).toMatchObject({ state: 'candidate', revision: changed.revision });
    const stale = { ...testCaller, revision };
    for (const act of [() => registry.update({ ...key, description: '' }, stale), () => registry.tag({ ...key, tag: 't', reason: null }, stale)])
      expect(await refusal(act)).toBe('PRECONDITION_FAILED');
    expect(registry.get(key).revision).toBe(changed.revision);
    expect(
      (await registry.setState({ ...key, state: 'approved', reason: 'read again', against_gate: false }, { ...testCaller, revision: changed.revision })).state,
    ).toBe('approved');
  });

  it('does not approve what is not as it was registered', async () => {
    const { registry, store, paths } = testRegistry(home());
    const { run } = madeRun({ store, paths });
    const made = await registry.register(register({ name: 'support', run }), testCaller);
    await registry.setState({ ...wordsOf(made), state: 'candidate', reason: null, against_gate: false }, testCaller);
    writeFileSync(join(made.dir, 'adapter', 'adapter_model.safetensors'), 'other');
    expect(await refusal(() => registry.setState({ ...wordsOf(made), state: 'approved', reason: 'fine', against_gate: false }, testCaller))).toBe(
      'ARTIFACT_CHANGED',
    );
    expect(await refusal(() => registry.export({ ...wordsOf(made), dir: join(folder, 'bad'), force: false }))).toBe('ARTIFACT_CHANGED');
    expect(existsSync(join(folder, 'bad'))).toBe(false);
    expect((await registry.verify(wordsOf(made))).changed).toEqual(['adapter/adapter_model.safetensors: its SHA-256 is another']);
    writeFileSync(join(made.dir, 'card.md'), 'another card');
    expect(await refusal(() => registry.card(wordsOf(made)))).toBe('ARTIFACT_CHANGED');
  });
});

describe('facts', () => {
  it('reach the outbox in the same transaction: the version, the tag by itself, and their rows of the audit log', async () => {
    const { registry, store, paths } = testRegistry(home(), { isConnected: true });
    const { run } = madeRun({ store, paths });
    await registry.register(register({ name: 'support', run, tags: ['production'] }), testCaller);
    expect(store.outbox.pending(9).map(({ entity }) => entity)).toEqual(['tag', 'audit', 'version', 'audit']);
    expect(new Set(store.outbox.pending(9).map(({ group }) => group)).size).toBe(1);
    expect(await refusal(() => registry.register(register({ name: 'support', version: '1.0.0', run }), testCaller))).toBe('VERSION_TAKEN');
    expect(store.outbox.size().pending).toBe(4);
  });

  it('a register that fails on its way leaves neither row nor folder', async () => {
    const { registry, store, paths } = testRegistry(home());
    const { run } = madeRun({ store, paths });
    mkdirSync(join(paths.registry, 'support', 'tags.yaml'), { recursive: true });
    await expect(registry.register(register({ name: 'support', run, tags: ['production'] }), testCaller)).rejects.toThrow();
    expect(store.versions.highest('support')).toBeNull();
    // What cannot be mended now is marked for the next host.
    expect(readdirSync(join(paths.registry, 'support'))).toEqual(['.changing.json', 'tags.yaml']);
    rmSync(join(paths.registry, 'support', 'tags.yaml'), { recursive: true });
    recoverVersions({ store, folder: paths.registry, log: keepingLogger() });
    expect(readdirSync(join(paths.registry, 'support'))).toEqual([]);
    expect(store.audit.list({ limit: 10, before: null })).toEqual([]);
  });
});

describe('folders', () => {
  it('are found where the home lies now', async () => {
    const [old, now] = [home(), home()];
    const { registry, store, paths } = testRegistry(old);
    const { run } = madeRun({ store, paths });
    const { name, version } = await registry.register(register({ name: 'support', run }), testCaller);
    store.close();
    renameSync(old, now);
    const moved = testRegistry(now);
    recoverVersions({ store: moved.store, folder: moved.paths.registry, log: keepingLogger() });
    expect(await moved.registry.verify({ name, version })).toMatchObject({ artifacts: 3, changed: [] });
    expect(moved.store.versions.get({ name, version }).dir).toBe(join(moved.paths.registry, name, version));
  });

  it('bring every version back with its states, tags and history when the database is lost', async () => {
    const place = home();
    const { registry, store, paths } = testRegistry(place);
    const { run } = madeRun({ store, paths });
    const first = await registry.register(register({ name: 'support', run, tags: ['production'] }), testCaller);
    const second = await registry.register(register({ name: 'support', run }), testCaller);
    await registry.setState({ ...wordsOf(first), state: 'candidate', reason: null, against_gate: false }, testCaller);
    await registry.setState({ ...wordsOf(first), state: 'approved', reason: 'good', against_gate: false }, testCaller);
    registry.tag({ ...wordsOf(second), tag: 'production', reason: 'newer' }, testCaller);
    const before = [first, second].map((each) => ({ ...registry.get(wordsOf(each)), revision: 0 }));
    const history = registry.history({ name: 'support', tag: null });
    const again = testRegistry(place, { database: 'second.db' });
    const found = indexVersions({ store: again.store, folder: paths.registry, log: keepingLogger() });
    expect(found).toEqual({ added: ['support@1.0.0', 'support@1.0.1'], unsound: [] });
    expect([first, second].map((each) => ({ ...again.registry.get(wordsOf(each)), revision: 0 }))).toEqual(before);
    expect(again.registry.history({ name: 'support', tag: null })).toEqual(history);
    expect(indexVersions({ store: again.store, folder: paths.registry, log: keepingLogger() }).added).toEqual([]);
  });

  it('name what holds no sound version, and clear away what a kill left half done', () => {
    const { store, paths } = testRegistry(home());
    const ofName = join(paths.registry, 'support');
    mkdirSync(temporaryBeside(join(ofName, '1.0.0')), { recursive: true });
    mkdirSync(join(ofName, '1.0.1'));
    writeFileSync(join(ofName, '1.0.1', 'version.yaml'), 'name: [');
    clearTemporaries(paths.registry);
    expect(readdirSync(ofName)).toEqual(['1.0.1']);
    const log: KeptLine[] = [];
    expect(indexVersions({ store, folder: paths.registry, log: keepingLogger(log) })).toEqual({ added: [], unsound: [join(ofName, '1.0.1')] });
    expect(log.map(({ level }) => level)).toEqual(['warn']);
  });

  it('leave when a draft is removed, and free its tags', async () => {
    const { registry, store, paths, events } = testRegistry(home());
    const { run } = madeRun({ store, paths });
    const made = await registry.register(register({ name: 'support', run, tags: ['production'] }), testCaller);
    registry.remove(wordsOf(made), testCaller);
    expect(readdirSync(join(paths.registry, 'support'))).toEqual(['tags.yaml']);
    expect(registry.history({ name: 'support', tag: null }).history.map(({ version }) => version)).toEqual(['1.0.0', null]);
    expect(events.at(-1)).toEqual({ event: 'version.removed', data: { name: 'support', version: '1.0.0' } } satisfies CoreEvent);
  });
});

describe('export', () => {
  it('writes what PEFT and the hub take: the adapter at the top, the card as README with its head', async () => {
    const { registry, store, paths } = testRegistry(home());
    const { run } = madeRun({ store, paths });
    const scores = { loss: 0.4, perplexity: 1.5, exact_match: 0.9, rows: 100, tokens: 400 };
    const evaluation = { data: { name: 'mail-test', path: null, sha256: null }, before: { ...scores, exact_match: 0.2 }, after: scores, test: null };
    const made = await registry.register(register({ name: 'support', run, evaluation, description: 'Routes mail.' }), testCaller);
    expect(made.metrics).toMatchObject({ test_exact_match: 0.9, base_test_exact_match: 0.2, test_loss: 0.4 });
    const to = join(paths.home, 'out');
    const { files } = await registry.export({ ...wordsOf(made), dir: to, force: false });
    expect(files).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors', 'evaluation.json', 'version.yaml']);
    expect(readdirSync(to).sort()).toEqual(files);
    const card = readFileSync(join(to, 'README.md'), 'utf8');
    const head = parse(card.split('---\n')[1] ?? '') as Record<string, unknown>;
    expect(head).toMatchObject({
      base_model: 'm',
      library_name: 'peft',
      tags: ['lora', 'peft', 'lathe'],
      datasets: ['-rows'],
      'model-index': [
        {
          name: 'support@1.0.0',
          results: [{ dataset: { name: 'mail-test' }, metrics: expect.arrayContaining([{ type: 'exact_match', name: 'exact match', value: 0.9 }]) }, {}],
        },
      ],
    });
    const sections = card.split(/^## .*$/m).slice(1);
    expect(sections.length).toBeGreaterThanOrEqual(4);
    expect(sections.every((text) => text.trim() !== '')).toBe(true);
    expect(card).not.toContain(paths.home);
    expect(await refusal(() => registry.export({ ...wordsOf(made), dir: to, force: false }))).toBe('EXPORT_TAKEN');
    rmSync(join(to, 'README.md'));
    await registry.export({ ...wordsOf(made), dir: to, force: true });
    expect(existsSync(join(to, 'README.md'))).toBe(true);
  });
});

describe('comparison and origins', () => {
  it('tells two versions apart field by field', async () => {
    const { registry, store, paths } = testRegistry(home());
    const [one, two] = [madeRun({ store, paths }), madeRun({ store, paths, rank: 4, loss: 0.25 })];
    await registry.register(register({ name: 'support', run: one.run, metadata: { team: 'mail' } }), testCaller);
    await registry.register(register({ name: 'support', version: '1.1.0', run: two.run, metadata: { team: 'mail' } }), testCaller);
    const { differences, similarities, model1 } = registry.compare({
      model1: { name: 'support', version: '1.0.0' },
      model2: { name: 'support', version: '1.1.0' },
    });
    expect(model1).toEqual({ name: 'support', version: '1.0.0' });
    expect(differences.map(({ field }) => field)).toEqual(['parameters.lora.rank', 'metrics.final_loss', 'run']);
    expect(differences[0]).toEqual({ section: 'parameters', field: 'parameters.lora.rank', value1: 16, value2: 4, change: -12 });
    expect(similarities).toContainEqual({ section: 'data', field: 'data.sha256', value: '0' });
    expect(similarities).toContainEqual({ section: 'metadata', field: 'metadata.team', value: 'mail' });
  });

  it('follows a version back through the adapter it went on from', async () => {
    const { registry, store, paths } = testRegistry(home());
    const parent = madeRun({ store, paths });
    const base = await registry.register(register({ name: 'support', run: parent.run }), testCaller);
    const ancestor = { path: join(base.dir, 'adapter'), sha256: '1', run: null };
    const child = madeRun({ store, paths, lineage: [ancestor] });
    const made = await registry.register(register({ name: 'support', run: child.run }), testCaller);
    const { nodes, edges } = registry.lineage(wordsOf(made));
    expect(new Set(nodes.map(({ id }) => id))).toEqual(
      new Set(['version:support@1.0.1', `run:${child.run}`, 'base_model:0', 'dataset:0', 'version:support@1.0.0', `run:${parent.run}`]),
    );
    expect(edges).toContainEqual({ from: 'version:support@1.0.0', to: `run:${child.run}`, relation: 'continued_by' });
    expect(edges).toContainEqual({ from: `run:${child.run}`, to: 'version:support@1.0.1', relation: 'registered_as' });
    expect(edges).toContainEqual({ from: 'dataset:0', to: `run:${parent.run}`, relation: 'data_of' });
  });
});
