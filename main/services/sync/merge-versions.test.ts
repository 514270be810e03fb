import { describe, expect, it } from 'vitest';
import { mergeVersions } from './merge-versions.ts';

const entry = (state: string, at: string) => ({ state, at });
const draft = { description: '', metadata: {}, state: 'draft', states: [entry('draft', '1')] };
const to = (state: string, at: string, from = draft) => ({ ...from, state, states: [...from.states, entry(state, at)] });

describe('two changes of a version', () => {
  it('go together: words here, a state there', () => {
    const merged = mergeVersions(draft, { ...draft, description: 'mine', metadata: { a: 1 } }, { ...to('candidate', '2'), metadata: { b: 1 } });
    expect(merged).toEqual({ fields: { ...to('candidate', '2'), description: 'mine', metadata: { a: 1, b: 1 } }, clashes: [] });
  });

  it('let the later state stand, whoever came first, and keep both histories', () => {
    const candidate = to('candidate', '2');
    const [approved, retired] = [to('approved', '3', candidate), to('retired', '4', candidate)];
    for (const [mine, theirs] of [
      [approved, retired],
      [retired, approved],
    ] as const) {
      const { fields, clashes } = mergeVersions(candidate, mine, theirs);
      expect([fields['state'], clashes]).toEqual(['retired', []]);
      expect(fields['states']).toEqual([...candidate.states, entry('approved', '3'), entry('retired', '4')]);
    }
    expect(mergeVersions(candidate, to('draft', '5', candidate), approved).fields['state']).toBe('approved');
    // Taken back by one alone.
    expect(mergeVersions(candidate, to('draft', '5', candidate), candidate).fields['state']).toBe('draft');
  });

  it('do not reword what was approved meanwhile', () => {
    const candidate = to('candidate', '2');
    const approved = to('approved', '3', candidate);
    const { fields, clashes } = mergeVersions(candidate, { ...candidate, description: 'late', metadata: { a: 1 } }, approved);
    expect([fields, clashes]).toEqual([approved, ['description', 'metadata']]);
    expect(mergeVersions(candidate, candidate, approved)).toEqual({ fields: approved, clashes: [] });
  });
});
