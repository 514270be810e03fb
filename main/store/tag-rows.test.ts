import { describe, expect, it } from 'vitest';
import { emptyStore, insertVersion, testTime } from '../../test/support/empty-store.ts';
import { testActor } from '../../test/support/small-home.ts';

function withVersions() {
  const { store } = emptyStore();
  for (const version of ['1.0.0', '1.1.0']) insertVersion(store, 'support', version);
  insertVersion(store, 'other', '1.0.0');
  return store;
}
const entry = { at: testTime, actor: testActor, reason: null };

describe('tags', () => {
  it('are on one version of a name at a time', () => {
    const { tags } = withVersions();
    tags.put('support', 'production', '1.0.0');
    tags.put('support', 'alpha', '1.0.0');
    tags.put('other', 'production', '1.0.0');
    expect(tags.ofVersion('support', '1.0.0')).toEqual(['alpha', 'production']);
    tags.put('support', 'production', '1.1.0');
    expect(tags.of('support')).toEqual({ alpha: '1.0.0', production: '1.1.0' });
    tags.put('support', 'alpha', null);
    expect([tags.versionOf('support', 'alpha'), tags.versionOf('support', 'production'), tags.of('other')]).toEqual([null, '1.1.0', { production: '1.0.0' }]);
  });

  it('are on no version that is not there, nor leave one that goes', () => {
    const { tags, versions } = withVersions();
    expect(() => tags.put('support', 'production', '9.9.9')).toThrow(/FOREIGN KEY/);
    tags.put('support', 'production', '1.0.0');
    expect(() => versions.remove({ name: 'support', version: '1.0.0' })).toThrow(/FOREIGN KEY/);
  });
});

describe('history', () => {
  it('is told oldest first, of one tag or all', () => {
    const { tags } = withVersions();
    expect(tags.hasHistory('support')).toBe(false);
    tags.addTagEntry('support', { ...entry, tag: 'production', version: '1.0.0', previous: null });
    tags.addTagEntry('support', { ...entry, tag: 'alpha', version: '1.0.0', previous: null });
    tags.addTagEntry('support', { ...entry, tag: 'production', version: null, previous: '1.0.0', reason: 'gone' });
    const told = (tag: string | null): unknown => tags.tagHistory('support', tag).map((each) => [each.tag, each.previous, each.version]);
    expect(told(null)).toEqual([
      ['production', null, '1.0.0'],
      ['alpha', null, '1.0.0'],
      ['production', '1.0.0', null],
    ]);
    expect(told('alpha')).toEqual([['alpha', null, '1.0.0']]);
    expect([tags.hasHistory('support'), tags.hasHistory('other')]).toEqual([true, false]);
  });

  it('of states goes with a draft, that of tags stays', () => {
    const { tags } = withVersions();
    tags.addStateEntry('support', '1.0.0', { ...entry, state: 'draft', previous: null, gate: null });
    tags.addStateEntry('support', '1.1.0', { ...entry, state: 'draft', previous: null, gate: null });
    tags.addTagEntry('support', { ...entry, tag: 'production', version: '1.0.0', previous: null });
    tags.forgetStates('support', '1.0.0');
    expect([tags.stateHistory('support', '1.0.0'), tags.stateHistory('support', '1.1.0').length, tags.hasHistory('support')]).toEqual([[], 1, true]);
  });
});
