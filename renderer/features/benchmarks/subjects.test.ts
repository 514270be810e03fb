import { expect, it } from 'vitest';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import type { KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import { missingBases, subjectsOf } from './subjects.ts';

// Only what the functions look at.
const model = (name: string, path: string, sha256: string) => ({ name, path, facts: { sha256 } }) as unknown as ShelfItem;
const version = (number: string, said: Partial<Version>) =>
  ({
    name: 'routing',
    version: number,
    kind: 'adapter',
    state: 'draft',
    dataset: null,
    base_model: { name: 'b', path: null, sha256: null },
    ...said,
  }) as Version;

it('lists the shelf, versions that can be scored, and what was written besides', () => {
  const versions = [version('1.0.0', {}), version('1.1.0', { state: 'retired' }), version('2.0.0', { kind: 'note' })];
  const found = subjectsOf({ demo: '/lathe/demo.gguf', models: [model('smol', '/m/smol', 'h')], versions, targets: [] }, ['smol', 'routing@production']);
  expect(found.map(({ id, kind }) => [id, kind])).toEqual([
    ['/lathe/demo.gguf', 'demo'],
    ['smol', 'model'],
    ['routing@1.0.0', 'version'],
    ['routing@production', 'other'],
  ]);
});

it('names the model that comes with Lathe once where it is on the shelf', () => {
  const found = subjectsOf({ demo: '/lathe/demo.gguf', models: [model('tiny', '/lathe/demo.gguf', 'h')], versions: [], targets: [] }, []);
  expect(found.map(({ id }) => id)).toEqual(['tiny']);
});

it('misses the base of a chosen version until it is chosen too', () => {
  const versions = [version('1.0.0', { base_model: { name: 'smol', path: '/elsewhere/smol', sha256: 'h' } })];
  const subjects = subjectsOf({ demo: null, models: [model('smol', '/m/smol', 'h')], versions, targets: [] }, []);
  expect(missingBases(subjects, ['routing@1.0.0'])).toEqual(['smol']);
  expect(missingBases(subjects, ['routing@1.0.0', 'smol'])).toEqual([]);
  expect(missingBases(subjects, [])).toEqual([]);
  const byPath = subjectsOf({ demo: null, models: [model('smol', '/elsewhere/smol', 'unknown')], versions, targets: [] }, []);
  expect(missingBases(byPath, ['routing@1.0.0'])).toEqual(['smol']);
});

it('lists the names that answer at targets, each once', () => {
  const aliases = (...names: readonly string[]) => ({ aliases: names.map((name) => ({ name, target: 'x' })) });
  const office = { target: { name: 'office' }, reports: [aliases('bot', 'org/mail'), aliases('bot')] } as unknown as KnownTarget;
  const found = subjectsOf({ demo: null, models: [], versions: [], targets: [office] }, []);
  expect(found.map(({ id, kind }) => [id, kind])).toEqual([
    ['deployed:office/bot', 'deployed'],
    ['deployed:office/org/mail', 'deployed'],
  ]);
});
