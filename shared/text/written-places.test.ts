import { describe, expect, it } from 'vitest';
import { offsetAt, valueAt } from './written-places.ts';

const scalar = (value: unknown, start: number) => ({ value, range: [start, start + 1, start + 1] });
const pair = (key: string, start: number, value: unknown) => ({ key: scalar(key, start), value });
/** As a reader of YAML gives it. */
const root = {
  range: [0, 60, 60],
  items: [
    pair('model', 0, scalar('m', 7)),
    pair('lora', 10, { range: [18, 30, 30], items: [pair('rank', 18, scalar(4, 24))] }),
    pair('modules', 31, { range: [40, 60, 60], items: [scalar('q', 42), scalar('v', 46)] }),
  ],
};

describe('the place of a key', () => {
  it.each([
    [[], 0],
    [['model'], 0],
    [['lora'], 10],
    [['lora', 'rank'], 18],
    [['lora', 'alpha'], 10],
    [['lora', 'rank', 'deeper'], 18],
    [['modules', 1], 46],
    [['modules', 7], 31],
    [['modules', 'name'], 31],
    [['none'], 0],
  ] as const)('%j is at %d', (path, offset) => {
    expect(offsetAt(root, path)).toBe(offset);
  });

  it('is the beginning of what is empty', () => {
    expect([offsetAt(null, ['model']), offsetAt(undefined, [])]).toEqual([0, 0]);
  });
});

it('finds a value by its path, and nothing where there is none', () => {
  const value = { lora: { modules: ['q', 'v'] } };
  expect([valueAt(value, ['lora', 'modules', 1]), valueAt(value, []), valueAt(value, ['lora', 'rank', 'x']), valueAt(null, ['lora'])]).toEqual([
    'v',
    value,
    undefined,
    undefined,
  ]);
});
