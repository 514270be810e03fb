/** Text ends before the stop text that is complete first, however it is cut into pieces. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UntilStop } from './until-stop.ts';

const shown = (stops: readonly string[], pieces: readonly string[]): string => {
  const until = new UntilStop(stops);
  return pieces.map((piece) => until.add(piece)).join('') + (until.isOver ? '' : until.rest());
};

it.each([
  [['END'], ['one E', 'ND two'], 'one '],
  [['END'], ['one E', 'N'], 'one EN'],
  [['\n\n', '###'], ['a\n', 'b##', '\n\nc'], 'a\nb##'],
  [[], ['a', 'b'], 'ab'],
  [['abc', 'b'], ['ab', 'c'], 'a'],
  [['abc', 'b'], ['abc'], 'a'],
  [['ab', 'b'], ['a', 'b'], ''],
])('%j in %j', (stops, pieces, text) => {
  expect(shown(stops, pieces)).toBe(text);
});

/** Letter by letter: where one is first complete there is nothing to choose but the longest. */
function cutAt(stops: readonly string[], text: string): string {
  for (let at = 1; at <= text.length; at += 1) {
    const ending = stops.filter((stop) => text.slice(0, at).endsWith(stop)).map((stop) => stop.length);
    if (ending.length > 0) return text.slice(0, at - Math.max(...ending));
  }
  return text;
}

it('is the same for any pieces', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c') });
  const stopTexts = fc.array(
    letters.filter((stop) => stop !== ''),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(stopTexts, fc.array(letters, { maxLength: 8 }), (stops, pieces) => {
      expect(shown(stops, pieces)).toBe(cutAt(stops, pieces.join('')));
    }),
    { numRuns: 3_000 },
  );
});
