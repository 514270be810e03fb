import { describe, expect, it } from 'vitest';
import { bareDifference, differenceText, scoreText, settingsText } from './score-words.ts';

describe('scores in words', () => {
  it('writes shares in percent and the rest as numbers', () => {
    expect(scoreText({ name: 'acc', value: 0.5432, stderr: 0.0123 })).toBe('54.3 ± 1.2 %');
    expect(scoreText({ name: 'word_perplexity', value: 23.4567, stderr: null })).toBe('23.46');
  });

  it('writes differences with their sign, and no sign where nothing differs', () => {
    expect(differenceText('acc', 0.032)).toBe('+3.2 points');
    expect(differenceText('acc', -0.1)).toBe('−10.0 points');
    expect(bareDifference('exact_match', -0.0001)).toBe('±0.0');
  });

  it('turns a difference of logarithms into percent of the perplexity', () => {
    expect(differenceText('word_perplexity', Math.log(0.95))).toBe('−5.0 %');
    expect(differenceText('bits_per_byte', 0.0123)).toBe('+0.0123');
  });

  it('says how questions were put', () => {
    expect(settingsText({ num_fewshot: 0, chat_template: false, limit: null })).toBe('no examples, all items');
    expect(settingsText({ num_fewshot: 5, chat_template: true, limit: 1_000 })).toBe('5 examples, as a chat, first 1,000 items');
  });
});
