import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { mergeFields, type Fields } from './merge-fields.ts';

const same = (one: unknown, two: unknown): boolean => canonicalJson({ one }) === canonicalJson({ one: two });
const merge = (base: Fields, mine: Fields, theirs: Fields) => mergeFields(base, mine, theirs, same);

describe('merging', () => {
  it('takes both where they do not touch, in objects too', () => {
    const base = { a: 1, b: 1, m: { x: 1, y: 1, z: 1 }, l: [1] };
    expect(merge(base, { ...base, a: 2, m: { x: 2, y: 1 } }, { ...base, b: 2, m: { x: 1, y: 2, z: 1 }, l: [2] })).toEqual({
      fields: { a: 2, b: 2, m: { x: 2, y: 2 }, l: [2] },
      clashes: [],
    });
  });

  it('names what both changed, and holds theirs there', () => {
    const merged = merge({ a: 1, m: { x: 1 } }, { a: 2, m: { x: 2 } }, { a: 3, m: { x: 3, n: 1 } });
    expect(merged).toEqual({ fields: { a: 3, m: { x: 3, n: 1 } }, clashes: ['a', 'm.x'] });
  });

  it('counts the same change on both sides once, and a removal as a change', () => {
    expect(merge({ a: 1, b: 1, c: 1 }, { a: 2, c: 1 }, { a: 2, b: 2, c: 1 })).toEqual({ fields: { a: 2, b: 2, c: 1 }, clashes: ['b'] });
    expect(merge({ a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1 })).toEqual({ fields: { a: 1 }, clashes: [] });
  });

  it('knows no names of the language', () => {
    expect(merge({}, { constructor: 1 }, { toString: 2 })).toEqual({ fields: { constructor: 1, toString: 2 }, clashes: [] });
  });
});
