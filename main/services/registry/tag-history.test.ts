/** Tags under any sequence of moves: where they are, where they have been, and what their file says are one and the same. */
import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RegisterVersion } from '../../../shared/contracts/registry-calls.ts';
import { testCaller, testRegistry } from '../../../test/support/registry.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readTagsFile } from './version-folder.ts';

const folder = temporaryFolder();
const tag = fc.constantFrom('production', 'staging', 'lora');
const move = fc.record({ tag, version: fc.constantFrom('1.0.0', '1.0.1', '1.0.2', null) });

describe('tags', () => {
  it('are where their history says, whatever was done to them', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
        const { registry, store, paths } = testRegistry(join(folder, String((count += 1))));
        for (let i = 0; i < 3; i += 1) await registry.register(RegisterVersion.parse({ name: 'support' }), testCaller);
        const expected = new Map<string, string>();
        for (const { tag: each, version } of moves) {
          if (version !== null) registry.tag({ name: 'support', version, tag: each, reason: null }, testCaller);
          else if (expected.has(each)) registry.untag({ name: 'support', tag: each, reason: 'gone' }, testCaller);
          if (version === null) expected.delete(each);
          else expected.set(each, version);
        }
        const { tags, history } = registry.history({ name: 'support', tag: null });
        expect(tags).toEqual(Object.fromEntries(expected));
        const replayed = new Map<string, string>();
        for (const entry of history) {
          expect(entry.previous).toBe(replayed.get(entry.tag) ?? null);
          expect(entry.version).not.toBe(entry.previous);
          if (entry.version === null) replayed.delete(entry.tag);
          else replayed.set(entry.tag, entry.version);
        }
        expect(replayed).toEqual(expected);
        if (history.length > 0) expect(readTagsFile(join(paths.registry, 'support'))).toEqual({ tags, history });
        for (const version of ['1.0.0', '1.0.1', '1.0.2']) {
          const own = [...expected].flatMap(([each, on]) => (on === version ? [each] : [])).sort();
          expect(registry.get({ name: 'support', version }).tags).toEqual(own);
        }
        expect(store.audit.verify().broken).toBeNull();
        store.close();
      }),
      { numRuns: 30 },
    );
  });

  it('stand for a version wherever one is named', async () => {
    const { registry } = testRegistry(join(folder, 'named'));
    for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1']) await registry.register(RegisterVersion.parse({ name: 'support', version }), testCaller);
    registry.tag({ name: 'support', version: '1.0.0', tag: 'production', reason: null }, testCaller);
    expect(registry.find({ name: 'support', version: 'production' }).version).toBe('1.0.0');
    expect(registry.find({ name: 'support', version: 'latest' }).version).toBe('1.1.0');
    expect(registry.next({ name: 'support', change: 'patch' }).version).toBe('2.0.0');
    expect(() => registry.find({ name: 'support', version: 'staging' })).toThrow('There is no version staging of support');
  });
});
