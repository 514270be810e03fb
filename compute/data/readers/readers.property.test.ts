import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TemporaryFolder } from '../../../test/support/small-tokenizer.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { JsonSplitter } from './json-splitter.ts';
import { readRows } from './read-rows.ts';

/** Values whose text is an element of an array, cut out again by the splitter, however the text is torn. */
function split(text: string, cuts: readonly number[]): unknown[] {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const splitter = new JsonSplitter();
  const slices = places.slice(1).flatMap((end, i) => [...splitter.push(bytes.subarray(places[i], end))]);
  const { slice, isClosed } = splitter.finish();
  expect(isClosed).toBe(true);
  return [...slices, ...(slice === null ? [] : [slice])].map((each) => JSON.parse(each.bytes.toString('utf8')) as unknown);
}

describe('JsonSplitter', () => {
  const values = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 });
  const cuts = fc.array(fc.nat(10_000), { maxLength: 8 });

  it('cuts any array into its elements, wherever the pieces end', () => {
    fc.assert(
      fc.property(values, cuts, fc.constantFrom(0, 2), (array, places, indent) => {
        expect(split(JSON.stringify(array, null, indent), places)).toEqual(JSON.parse(JSON.stringify(array)));
      }),
    );
  });

  it('cuts objects that follow one another', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(objects, cuts, fc.constantFrom('', '\n', ' \r\n'), (list, places, between) => {
        const text = list.map((value) => JSON.stringify(value)).join(between);
        expect(split(text, places)).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });
});

describe('any bytes', () => {
  it.each(['a.jsonl', 'a.json', 'a.csv', 'a.parquet', 'a.txt'])('end in rows or in a named error (%s)', async (name) => {
    using folder = new TemporaryFolder();
    const magic = Buffer.from('PAR1');
    const bytes = fc.uint8Array({ maxLength: 300 }).map((middle) => (name === 'a.parquet' ? Buffer.concat([magic, middle, magic]) : middle));
    const text = fc
      .string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\n', '\\', '1', 'é', ' '), maxLength: 60 })
      .map((each) => new TextEncoder().encode(each));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, text), async (content) => {
        const path = folder.write(name, content);
        try {
          for await (const { line } of readRows(path)) expect(line).toBeGreaterThan(0);
        } catch (error) {
          if (!isAppError(error)) throw error;
          expect(error.exitCode).toBe(3);
        }
      }),
      { numRuns: 150 },
    );
  });
});
