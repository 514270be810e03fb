/** Text ends before the first stop text, however it is cut into pieces. */
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
])('%j in %j', (stops, pieces, text) => {
  expect(shown(stops, pieces)).toBe(text);
});

it('is the same for any pieces', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(
      fc.array(
        letters.filter((stop) => stop !== ''),
        { maxLength: 3 },
      ),
      fc.array(letters, { maxLength: 8 }),
      (stops, pieces) => {
        const whole = pieces.join('');
        const ends = stops.map((stop) => whole.indexOf(stop)).filter((at) => at !== -1);
        expect(shown(stops, pieces)).toBe(ends.length === 0 ? whole : whole.slice(0, Math.min(...ends)));
      },
    ),
  );
});
