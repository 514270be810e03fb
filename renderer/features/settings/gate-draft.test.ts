import { expect, it } from 'vitest';
import { checkGates, writtenGates } from './gate-draft.ts';

it('takes what is empty as not asked for', () => {
  expect(checkGates({ ...writtenGates({}), min_gain: 0.02, benchmark: 'piqa' }).gates).toEqual({ min_gain: 0.02, benchmark: 'piqa' });
});

it('says at its field what is wrong', () => {
  const { gates, problems } = checkGates({ ...writtenGates({}), min_accuracy: 60, significance: 'low' });
  expect(gates).toBeNull();
  expect(problems.get('min_accuracy')).toBe('Must be at most 1, not 60.');
  expect(problems.get('significance')).toBe('Must be a number, not "low".');
});
