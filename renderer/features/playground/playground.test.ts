import { describe, expect, it } from 'vitest';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import type { Run } from '../../../shared/contracts/run-calls.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import { messagesOf } from './messages.ts';
import { firstSides, fits, knownAdapters, knownModels, withModel } from './who-answers.ts';

const run = (fields: Partial<Run>): Run => ({ run: 'r1', name: null, dir: '/data/runs/r1', state: 'done', model: '/m/base.gguf', ...fields }) as Run;
const version = (fields: Partial<Version>): Version =>
  ({ name: 'support', version: '1.0.0', kind: 'adapter', run: 'r1', base_model: { name: 'base', path: '/m/base.gguf', sha256: 'aa' }, ...fields }) as Version;
const item = (fields: Partial<ShelfItem>): ShelfItem => ({ name: 'mine', path: '/m/mine.gguf', sha256: 'bb', ...fields }) as ShelfItem;
const nameOf = ({ run: id }: Run): string => `run ${id}`;

describe('who can answer', () => {
  const runs = [run({}), run({ run: 'r2', dir: '/data/runs/r2', model: 'mine' }), run({ run: 'r3', model: '/else/where.gguf', state: 'failed' })];
  const models = knownModels('/lathe/lathe-base.gguf', [item({})], runs);
  const adapters = knownAdapters([version({}), version({ name: 'note', kind: 'note' })], runs, nameOf);

  it('are the embedded model, the shelf, and what runs were made from', () => {
    expect(models.map(({ name, isEmbedded }) => [name, isEmbedded])).toEqual([
      ['lathe-base', true],
      ['mine', false],
      ['base.gguf', false],
      ['where.gguf', false],
    ]);
  });

  it('are each a file once, though a shelf may know it under other names', () => {
    const again = [item({ name: 'embedded', path: '/lathe/lathe-base.gguf' }), item({}), item({ name: 'mine-too' })];
    expect(knownModels('/lathe/lathe-base.gguf', again, []).map(({ name }) => name)).toEqual(['lathe-base', 'mine']);
  });

  it('are versions with an adapter, and runs that are done and no version', () => {
    expect(adapters.map(({ id }) => id)).toEqual(['support@1.0.0', '/data/runs/r2']);
  });

  it.each([
    ['by the hash, whatever it is called', { path: '/other', name: 'other', sha256: 'bb' }, true],
    ['by no other hash, though the path is the same', { path: '/m/mine.gguf', name: 'mine', sha256: 'cc' }, false],
    ['by the path', { path: '/m/mine.gguf', name: null, sha256: null }, true],
    ['by the name where there is no path', { path: null, name: 'mine', sha256: null }, true],
    ['by no other path, though the name is the same', { path: '/else', name: 'mine', sha256: null }, false],
  ])('fit together %s', (_, base, isFit) => {
    expect(fits({ id: 'x', label: 'x', run: null, base }, { path: '/m/mine.gguf', name: 'mine', sha256: 'bb', isEmbedded: false })).toBe(isFit);
  });

  it('are first the newest adapter and its base, or the one that is wanted', () => {
    expect(firstSides(models, adapters, null)).toEqual([
      { model: '/m/base.gguf', adapter: null },
      { model: '/m/base.gguf', adapter: 'support@1.0.0' },
    ]);
    expect(firstSides(models, adapters, 'r1')[1].adapter).toBe('support@1.0.0');
    expect(firstSides(models, adapters, 'r2')[1]).toEqual({ model: '/m/mine.gguf', adapter: '/data/runs/r2' });
    expect(firstSides(models, [], null)[1]).toEqual({ model: '/lathe/lathe-base.gguf', adapter: null });
  });

  it('lose an adapter that does not fit another model', () => {
    const [embedded, mine, base] = models;
    const side = { model: '/m/base.gguf', adapter: 'support@1.0.0' };
    expect(embedded && withModel(side, embedded, adapters).adapter).toBeNull();
    expect(mine && withModel(side, mine, adapters).adapter).toBeNull();
    expect(base && withModel(side, base, adapters).adapter).toBe('support@1.0.0');
  });
});

describe('what a side is sent', () => {
  const before = [
    { text: 'one', answer: '1' },
    { text: 'two', answer: null },
  ];

  it('is what it has seen, after the system prompt', () => {
    expect(messagesOf({ system: 'Be brief.', isRaw: false, before, text: 'three' })).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one' },
      { role: 'assistant', content: '1' },
      { role: 'user', content: 'three' },
    ]);
    expect(messagesOf({ system: ' ', isRaw: false, before: [], text: 'three' })).toEqual([{ role: 'user', content: 'three' }]);
  });

  it('is the prompt alone where it is raw', () => {
    expect(messagesOf({ system: 'Be brief.', isRaw: true, before, text: 'Once upon' })).toEqual([{ role: 'user', content: 'Once upon' }]);
  });
});
