import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeJson } from './safe-json.ts';

it('says the same as JSON, and holds no sign that a terminal or an editor would obey', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = safeJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    }),
  );
  expect(safeJson({ run: '\u001b[31m\u009b\u202eabc' })).toBe(String.raw`{"run":"\u001b[31m\u009b\u202eabc"}`);
});
