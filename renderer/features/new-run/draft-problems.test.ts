import { expect, it } from 'vitest';
import { ModelName } from '../../../shared/domain/version.ts';
import { draftProblems, problemIn } from './draft-problems.ts';

it('finds nothing in a sound draft, however little is written', () => {
  expect(draftProblems({})).toEqual(new Map());
  expect(draftProblems({ model: 'm', lora: { rank: 8 } })).toEqual(new Map());
});

it('puts each problem at its key', () => {
  const draft = { lora: { rank: 0 }, training: { learning_rate: 'fast' as unknown as number, sample_prompts: ['a', ''] } };
  expect(draftProblems(draft)).toEqual(
    new Map([
      ['lora.rank', 'Must be at least 1, not 0.'],
      ['training.learning_rate', 'Must be a number, not "fast".'],
      ['training.sample_prompts', 'Must not be empty.'],
    ]),
  );
});

it('tells what one value lacks', () => {
  expect(problemIn(ModelName, 'router')).toBeNull();
  expect(problemIn(ModelName, '')).toBe('Must not be empty.');
});
