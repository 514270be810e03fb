import { describe, expect, it } from 'vitest';
import { expand, polish } from './grammar.ts';
import { createRandom } from './random.ts';

const lexicon = { animal: ['dog', 'owl'], home: ['the {animal} house', 'a barn'], colour: ['red'] };

describe('expand', () => {
  it('fills slots, also inside words and alternatives', () => {
    const random = createRandom(1);
    const made = new Set(Array.from({ length: 60 }, () => expand(random, '(A {colour} {animal}|Nobody) in {home}', lexicon)));
    expect([...made].sort()).toEqual([
      'A red dog in a barn',
      'A red dog in the dog house',
      'A red dog in the owl house',
      'A red owl in a barn',
      'A red owl in the dog house',
      'A red owl in the owl house',
      'Nobody in a barn',
      'Nobody in the dog house',
      'Nobody in the owl house',
    ]);
  });

  it('gives a tagged slot one word for the whole binding', () => {
    const random = createRandom(2);
    const binding = new Map<string, string>();
    const words = Array.from({ length: 20 }, () => expand(random, '{animal#a}', lexicon, binding));
    expect(new Set(words).size).toBe(1);
    expect(binding.get('animal#a')).toBe(words[0]);
  });

  it('names a slot it has no words for', () => {
    expect(() => expand(createRandom(1), '{plant}', lexicon)).toThrow('{plant}');
  });
});

describe('polish', () => {
  it('mends articles, capitals and spaces', () => {
    expect(polish('  a  owl came. a dog, a ape. it said: a hen\nyes ')).toBe('An owl came. A dog, an ape. It said: a hen\nYes');
  });
});

describe('createRandom', () => {
  it('repeats itself by seed', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.below(1000));
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('samples without repetition', () => {
    const values = [1, 2, 3, 4, 5];
    expect(createRandom(3).sample(values, 9).sort()).toEqual(values);
    expect(values).toEqual([1, 2, 3, 4, 5]);
  });
});
