import { expect, it } from 'vitest';
import { markedParts } from './special-tokens.ts';

it('cuts marks out and loses nothing', () => {
  const text = '<|im_start|>user\nIs 1 <s 2?<|im_end|>\n<eos>';
  const parts = markedParts(text);
  expect(parts.map((part) => part.text).join('')).toBe(text);
  expect(parts.filter(({ isMark }) => isMark).map((part) => part.text)).toEqual(['<|im_start|>', '<|im_end|>', '<eos>']);
});

it('leaves text without marks whole', () => {
  expect(markedParts('a < b > c')).toEqual([{ text: 'a < b > c', isMark: false }]);
  expect(markedParts('')).toEqual([]);
});
