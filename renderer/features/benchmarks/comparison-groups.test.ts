import { expect, it } from 'vitest';
import { doneScore } from './score-for-tests.ts';
import { comparisonGroups } from './comparison-groups.ts';

it('sets the others of each task against the base, and leaves out what was scored otherwise', () => {
  const base = doneScore();
  const [tuned, onPiqa, limited] = [doneScore({ label: 'tuned' }), doneScore({ label: 'tuned', task: 'piqa' }), doneScore({ label: 'quick', limit: 10 })];
  expect(comparisonGroups([base, tuned, onPiqa, limited], null)).toEqual([
    { task: 'arc_easy', base, others: [tuned], left: [limited] },
    { task: 'piqa', base: onPiqa, others: [], left: [] },
  ]);
  expect(comparisonGroups([base, tuned], 'tuned')).toEqual([{ task: 'arc_easy', base: tuned, others: [base], left: [] }]);
});
