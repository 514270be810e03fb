import { describe, expect, it } from 'vitest';
import type { ShelfEntry } from '../../shared/domain/shelf-entry.ts';
import { emptyStore, execute, insertRun, insertVersion, testTime } from '../../test/support/empty-store.ts';
import { testRequest } from '../../test/support/run-folder.ts';

const entry = (said: Partial<ShelfEntry> = {}): ShelfEntry => ({
  ...{ kind: 'model', name: 'llama', path: '/models/llama.gguf', is_copy: false, bytes: 7, sha256: 'abc', added: testTime },
  ...{ facts: { architecture: 'llama', layers: 2 }, ...said },
});

describe('shelf rows', () => {
  it('come back as they went in, one a name and kind', () => {
    const { shelf } = emptyStore().store;
    shelf.insert(entry());
    shelf.insert(entry({ kind: 'dataset', is_copy: true }));
    expect(shelf.find('model', 'llama')).toEqual({ ...entry(), revision: 1 });
    expect(shelf.find('dataset', 'llama')?.is_copy).toBe(true);
    expect(shelf.find('model', 'Llama')).toBeNull();
    expect(() => shelf.insert(entry())).toThrow(/UNIQUE/);
    shelf.remove('model', 'llama');
    expect([shelf.find('model', 'llama'), shelf.list('dataset', null).length]).toEqual([null, 1]);
  });

  it('are listed by name, narrowed by a piece of it', () => {
    const { shelf } = emptyStore().store;
    for (const name of ['smol', 'gemma-3', 'gemma_2']) shelf.insert(entry({ name }));
    const found = (text: string | null): string[] => shelf.list('model', text).map(({ name }) => name);
    expect([found(null), found('GEMMA'), found('_'), found('%')]).toEqual([['gemma-3', 'gemma_2', 'smol'], ['gemma-3', 'gemma_2'], ['gemma_2'], []]);
  });

  it('know what was made from them: runs by the path, versions by the bytes', () => {
    const { store } = emptyStore();
    insertRun(store, 'b', { request: testRequest('/models/llama.gguf') });
    insertRun(store, 'a', { request: testRequest('/m', { data: '/models/llama.gguf' }) });
    insertRun(store, 'c', { request: testRequest('/models/llama.gguf.other') });
    insertVersion(store, 'support', '1.0.0', { base: 'abc' });
    insertVersion(store, 'support', '1.1.0', { data: 'abc' });
    insertVersion(store, 'support', '1.2.0');
    expect(store.shelf.dependents(entry())).toEqual({ runs: ['a', 'b'], versions: ['support@1.0.0', 'support@1.1.0'] });
  });

  it('are refused where the facts are none', () => {
    const { store, path } = emptyStore();
    store.shelf.insert(entry());
    execute(path, "UPDATE shelf SET facts = '[1]'");
    expect(() => store.shelf.list('model', null)).toThrow(
      expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ id: 'model llama' }) }),
    );
  });
});
