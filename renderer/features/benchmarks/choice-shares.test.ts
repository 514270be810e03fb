import { expect, it } from 'vitest';
import { choiceShares } from './choice-shares.ts';

it('shares out what the choices have together, however small', () => {
  const shares = choiceShares([-1_000, -1_000 + Math.log(3)]);
  expect(shares[0]).toBeCloseTo(0.25, 9);
  expect(shares[1]).toBeCloseTo(0.75, 9);
});

it('finds none more likely where all are impossible', () => {
  expect(choiceShares([-Infinity, -Infinity])).toEqual([0.5, 0.5]);
});
