import { expect, it } from 'vitest';
import { formatModules, readLines, readModules, shownDefault } from './knob-text.ts';

it('reads names of layers and the word for all of them', () => {
  expect(readModules('q_proj, v_proj')).toEqual(['q_proj', 'v_proj']);
  expect(readModules(' all-linear ')).toBe('all-linear');
  expect(readModules(' , ')).toBeUndefined();
  expect(formatModules(readModules('q_proj v_proj'))).toBe('q_proj, v_proj');
  expect(formatModules('all-linear')).toBe('all-linear');
});

it('takes each line that says something for a prompt', () => {
  expect(readLines('one\n\n two \n')).toEqual(['one', ' two ']);
});

it('says what a default is', () => {
  expect([null, [], true, 2e-4, ['q_proj', 'v_proj']].map(shownDefault)).toEqual(['none', 'none', 'on', '0.0002', 'q_proj, v_proj']);
});
