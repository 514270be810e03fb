/** What the check says of the differences it measured: each refusal is true of its numbers. */
import { describe, expect, it } from 'vitest';
import { refuseUnproven } from './effect-check.ts';

const sound = { effect: 1, base_disagreement: 0.1, adapter_disagreement: 0.1, bound: 0.25 };
const refusalOf = (differences: Partial<typeof sound>): unknown => {
  try {
    refuseUnproven({ ...sound, ...differences }, 'base.gguf');
    return null;
  } catch (error) {
    return error;
  }
};

describe('a measured effect', () => {
  it('passes where it is clear and agreed on', () => {
    expect(refusalOf({})).toBeNull();
  });

  it.each([0, 1e-5])('of %d is none', (effect) => {
    expect(refusalOf({ effect, base_disagreement: 0 })).toMatchObject({ code: 'ADAPTER_WITHOUT_EFFECT', message: 'The adapter moves no log-probability' });
  });

  it('that is too small beside the noise is told with both', () => {
    expect(refusalOf({ effect: 0.251, base_disagreement: 0.14 })).toMatchObject({
      code: 'ADAPTER_EFFECT_UNCLEAR',
      message:
        'The adapter changes log-probabilities by 2.51e-1 on average, which is less than twice what the engines differ by on the base (1.40e-1), so it cannot be told apart',
      remedy: 'Train longer, or export it unproven with --no-check.',
    });
  });

  it.each([{ effect: NaN }, { effect: Infinity }, { adapter_disagreement: NaN }])('that is no number asks for gentler training: %o', (differences) => {
    expect(refusalOf(differences)).toMatchObject({ code: 'ADAPTER_NOT_FINITE', remedy: 'Train with a lower learning rate.' });
  });

  it('is not blamed for a base that is no number itself', () => {
    expect(refusalOf({ effect: NaN, base_disagreement: NaN })).toMatchObject({ code: 'MODEL_INVALID', facts: { path: 'base.gguf' } });
  });

  it('that the engines disagree on is refused, by a bound that grows with it', () => {
    expect(refusalOf({ adapter_disagreement: 0.26 })).toMatchObject({ code: 'ADAPTER_DISAGREES' });
    expect(refusalOf({ effect: 10, adapter_disagreement: 0.26 })).toBeNull();
  });
});
