import { expect, it } from 'vitest';
import { isComplete, keptBy, layoutOf, rowLayouts } from './layouts.ts';

const layout = (id: string) => {
  const found = rowLayouts.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no layout ${id}`);
  return found;
};

it('knows a mapping by its required parts', () => {
  expect(layoutOf({ prompt: 'q', completion: 'a' })?.id).toBe('prompt-completion');
  expect(layoutOf({ instruction: 'q', output: 'a', input: 'c' })?.id).toBe('alpaca');
  expect(layoutOf({ prompt: 'q' })).toBeNull();
  expect(layoutOf({})).toBeNull();
});

it('keeps what another layout has as well', () => {
  expect(keptBy(layout('alpaca'), { prompt: 'q', system: 's' })).toEqual({ system: 's' });
  expect(isComplete(layout('text'), { text: 'body' })).toBe(true);
  expect(isComplete(layout('prompt-completion'), { prompt: 'q' })).toBe(false);
});
