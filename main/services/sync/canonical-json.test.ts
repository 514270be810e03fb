import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hashOfText } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('is the same whatever the order of keys, the composition of letters and the spelling of numbers', () => {
    const one = { b: 1e2, a: ['é', { y: -0, x: undefined }], 10: null, 9: true };
    const two = JSON.parse('{"9":true,"10":null,"a":["e\\u0301",{"y":0.0}],"b":100.0}') as unknown;
    expect(canonicalJson(one)).toBe('{"9":true,"10":null,"a":["é",{"y":0}],"b":100}');
    expect(canonicalJson(two)).toBe(canonicalJson(one));
    expect(hashOfText(canonicalJson(two))).toBe(hashOfText(canonicalJson(one)));
  });

  it('keeps what differs apart, and halves of letters out', () => {
    expect(canonicalJson({ a: null })).not.toBe(canonicalJson({}));
    expect(canonicalJson('\ud800')).toBe('"\ufffd"');
    expect(canonicalJson({ __proto__: null, constructor: 1 })).toBe('{"constructor":1}');
  });

  it('comes back from JSON as itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
