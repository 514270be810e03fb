/** Text as HANA keeps it, there and back. */
import { describe, expect, it } from 'vitest';
import { fromCesu8, toCesu8 } from './cesu8.ts';

describe('CESU-8', () => {
  it.each(['', 'plain', 'ü€\ud7ff', '😀', 'a😀b🦊c', '😀😀', '\ue000'])('%j comes back', (text) => {
    expect(fromCesu8(toCesu8(text))).toBe(text);
  });

  it('has six bytes for what UTF-8 has four', () => {
    expect(toCesu8('😀').toString('hex')).toBe('eda0bdedb880');
  });
});
