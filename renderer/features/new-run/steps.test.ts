import { expect, it } from 'vitest';
import { advancedGroups, knobGroups, shownWithTheData } from './knobs.ts';
import { stepAfter, stepBefore, stepOf, troubles } from './steps.ts';

it('goes from step to step and no further', () => {
  expect([stepBefore('model'), stepAfter('model'), stepAfter('check')]).toEqual([null, 'data', null]);
});

it('names the step in which each key is written', () => {
  const inRecipe = [...knobGroups.basic, ...advancedGroups.flatMap((group) => knobGroups[group])];
  expect(new Set(inRecipe.map(stepOf))).toEqual(new Set(['recipe']));
  expect(new Set(shownWithTheData.map(stepOf))).toEqual(new Set(['data']));
});

it('tells what is missing and what is wrong', () => {
  expect(troubles({}).map(({ step }) => step)).toEqual(['model', 'data']);
  expect(troubles({ model: 'm', data: { path: 'p' } })).toEqual([]);
  expect(troubles({ model: 'm', data: { path: 'p' }, lora: { rank: 0 } })).toEqual([
    { step: 'recipe', path: 'lora.rank', problem: 'Must be at least 1, not 0.' },
  ]);
});
