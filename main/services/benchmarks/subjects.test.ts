import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeRun, testCaller, testRegistry } from '../../../test/support/registry.ts';
import { testTask } from '../../../test/support/test-benchmarks.ts';
import { ownFolder } from '../../../test/support/empty-store.ts';
import { projectFiles } from '../../platform/project-files.ts';
import { Shelves } from '../shelves.ts';
import type { DeployedName } from '../../../shared/domain/deployed-name.ts';
import { BenchmarkRequest, type BenchmarkSubject } from '../../../shared/domain/benchmark-run.ts';
import { Subjects } from './subjects.ts';

const words = { version: null, description: '', tags: ['first'], metadata: {} };

/** A home with a version of a run, and the base that it needs. */
async function home() {
  const folder = ownFolder();
  const made = testRegistry(folder);
  const { registry, store, paths } = made;
  const { run } = madeRun(made);
  const { record, dir } = await registry.registerRun({ ...words, name: 'support', run }, testCaller.actor);
  const base = join(paths.models, record.base_model.name);
  mkdirSync(paths.models, { recursive: true });
  writeFileSync(base, 'weights');
  const subjects = new Subjects({
    paths,
    shelves: new Shelves(paths, null),
    registry,
    onShelf: () => null,
    deployed: { subject: (name) => Promise.resolve(deployedSubject(name)) },
  });
  return { subjects, registry, store, dir, run, base, folder };
}
const deployedSubject = ({ target, model }: DeployedName): BenchmarkSubject => ({
  ...{ label: `${target}/${model}`, kind: 'deployed', model: null, adapter: null, version: null, target: { name: target, model } },
});
const code = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'nothing',
    (error: unknown) => (error as { code: string }).code,
  );

describe('what is scored', () => {
  it('is what is deployed, by its target and its name there, without another adapter', async () => {
    const { subjects } = await home();
    const models = ['deployed:office/org/bot', 'deployed:office/bot'];
    expect((await subjects.find({ models, adapter: null })).map(({ label, target }) => [label, target?.model])).toEqual([
      ['office/org/bot', 'org/bot'],
      ['office/bot', 'bot'],
    ]);
    expect(await code(subjects.find({ models, adapter: 'run' }))).toBe('INPUT_INVALID');
  });

  it('is a model by name or path, each once, and called by its path where two are called the same', async () => {
    const { subjects, base, folder } = await home();
    const other = join(folder, 'm.gguf');
    writeFileSync(other, 'others');
    const found = await subjects.find({ models: ['lathe-base', other, projectFiles.embeddedModel], adapter: null });
    expect(found.map(({ label, kind, model }) => [label, kind, model])).toEqual([
      ['lathe-base', 'model', projectFiles.embeddedModel],
      ['m', 'model', other],
    ]);
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b', 'm.gguf'), '');
    const same = await subjects.find({ models: [other, join(folder, 'b', 'm.gguf')], adapter: null });
    expect(same.map(({ label }) => label)).toEqual([other, join(folder, 'b', 'm.gguf')]);
    expect(await code(subjects.find({ models: ['none'], adapter: null }))).toBe('FILE_MISSING');
    expect(base).not.toBe(other);
  });

  it('is a version by number, tag or as the latest, with the base that it needs', async () => {
    const { subjects, base, dir } = await home();
    const found = await subjects.find({ models: ['support@1.0.0', 'support@first', 'support@latest'], adapter: null });
    expect(found).toEqual([
      { label: 'support@1.0.0', kind: 'version', model: base, adapter: join(dir, 'adapter'), version: { name: 'support', version: '1.0.0' }, target: null },
    ]);
    expect(await code(subjects.find({ models: ['support@9.0.0'], adapter: null }))).toBe('VERSION_UNKNOWN');
  });

  it('is no version whose files were changed, and none that carries another adapter', async () => {
    const { subjects, dir, run } = await home();
    expect(await code(subjects.find({ models: ['support@first'], adapter: run }))).toBe('INPUT_INVALID');
    writeFileSync(join(dir, 'adapter', 'adapter_model.safetensors'), 'others');
    expect(await code(subjects.find({ models: ['support@first'], adapter: null }))).toBe('ARTIFACT_CHANGED');
  });

  it('may carry the adapter of a run besides', async () => {
    const { subjects, run, folder } = await home();
    const [subject] = await subjects.find({ models: ['lathe-base'], adapter: run });
    expect(subject).toMatchObject({ label: `lathe-base + ${run}`, kind: 'adapter', adapter: join(folder, 'runs', run, 'adapter'), version: null });
  });
});

describe('a version that was scored', () => {
  it('shows it in its graph of origins, on its card and in comparisons', async () => {
    const { registry, store } = await home();
    const key = { name: 'support', version: '1.0.0' };
    const request = BenchmarkRequest.parse({ models: ['support@first'], benchmarks: ['x'] });
    const at = '2026-05-01T00:00:00.000Z';
    store.benchmarks.insert({ run: 'r', dir: '/r', created: at, queued: at, request, schedule: null });
    store.scores.insert({
      ...{ run: 'r', position: 1, declared: testTask('x'), data: '/d' },
      subject: { label: 'support@1.0.0', kind: 'version', model: '/m', adapter: '/a', version: key, target: null },
    });
    const result = {
      ...{ task: 'x', task_version: 1, task_sha256: 't', data_sha256: 'd', model_sha256: 'm', adapter_sha256: 'a', num_fewshot: 5, chat_template: false },
      ...{ limit: null, precision: 'fp32' as const, metrics: [{ name: 'acc' as const, value: 0.625, stderr: 0.125 }], items: 16, cut_items: 0 },
      ...{ resumed_items: 0, seconds: 1, items_per_second: 16, records: '/r' },
    };
    store.scores.update('r.1', { state: 'done', ended: at, result });
    const { nodes, edges } = registry.lineage(key);
    expect(nodes).toContainEqual(expect.objectContaining({ id: 'benchmark:r.1', kind: 'benchmark', label: 'x (5-shot)' }));
    expect(edges).toContainEqual({ from: 'version:support@1.0.0', to: 'benchmark:r.1', relation: 'scored_by' });
    expect((await registry.card(key)).markdown).toContain('| x (5-shot) | acc | 0.625 ± 0.125 | 16 |');
    const { similarities } = registry.compare({ model1: key, model2: key });
    expect(similarities).toContainEqual({ section: 'benchmarks', field: 'x (5-shot).acc', value: 0.625 });
  });
});
