import { describe, expect, it } from 'vitest';
import { entityName, leftToDo, syncLine, syncTone } from './sync-words.ts';

const still = { state: 'idle', pending: 0, parked: 0, conflicts: 0 } as const;

describe('how being in step stands', () => {
  it('is one line, with what is left where something is', () => {
    expect(syncLine(still)).toBe('In step');
    expect(syncLine({ ...still, state: 'offline', pending: 1_200 })).toBe('Offline · 1,200 wait');
    expect(syncLine({ ...still, pending: 2, conflicts: 1 })).toBe('In step · 1 conflict');
    expect(syncLine({ ...still, state: 'attention', conflicts: 3, pending: 2 })).toBe('Needs attention · 2 wait');
  });

  it('is not good while somebody has to look at something', () => {
    expect(syncTone(still)).toBe('good');
    expect(syncTone({ ...still, conflicts: 1 })).toBe('warn');
    expect(syncTone({ ...still, parked: 1 })).toBe('warn');
    expect(syncTone({ ...still, state: 'attention', conflicts: 1 })).toBe('bad');
  });

  it('names all that is left', () => {
    expect(leftToDo(still)).toEqual([]);
    expect(leftToDo({ pending: 1, parked: 2, conflicts: 3 })).toEqual(['1 waits', '2 refused', '3 conflicts']);
  });

  it('calls a thing of a newer Lathe by the name it came with', () => {
    expect([entityName('benchmark'), entityName('recipe')]).toEqual(['Score', 'recipe']);
  });
});
