import { describe, expect, it } from 'vitest';
import { pairedTest } from './paired-test.ts';

const rows = (...correct: boolean[]): Map<number, boolean> => new Map(correct.map((is, id) => [id, is]));
const repeated = (count: number, is: boolean): boolean[] => Array.from({ length: count }, () => is);

describe('pairedTest', () => {
  it('counts what changed and how likely chance is', () => {
    // 8 gained, 1 lost: 2 · (1 + 9) / 2^9
    const before = rows(...repeated(8, false), true, true, false);
    const after = rows(...repeated(8, true), false, true, false);
    const { gained, lost, p } = pairedTest(before, after);
    expect([gained, lost]).toEqual([8, 1]);
    expect(p).toBeCloseTo(20 / 512, 12);
  });

  it('claims nothing from nothing, or from an even split', () => {
    expect(pairedTest(rows(true, false), rows(true, false))).toEqual({ gained: 0, lost: 0, p: 1 });
    expect(pairedTest(rows(true, false), rows(false, true)).p).toBe(1);
  });

  it('is the same whichever came first', () => {
    const [a, b] = [rows(...repeated(5, false), true), rows(...repeated(5, true), false)];
    expect(pairedTest(a, b).p).toBe(pairedTest(b, a).p);
  });

  it('does not underflow over thousands of rows, and is small where it should be', () => {
    const p = pairedTest(rows(...repeated(200, false)), rows(...repeated(200, true))).p;
    expect(Math.log2(p)).toBeCloseTo(-199, 6);
    expect(pairedTest(rows(...repeated(3_000, false), ...repeated(3_000, true)), rows(...repeated(3_000, true), ...repeated(3_000, false))).p).toBeCloseTo(
      1,
      6,
    );
  });

  it('leaves out rows that only one side has', () => {
    expect(pairedTest(new Map([[1, false]]), new Map([[2, true]]))).toEqual({ gained: 0, lost: 0, p: 1 });
  });
});
