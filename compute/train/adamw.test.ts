/** AdamW's groups against a computation by hand: LoRA+ makes B and the magnitude faster, vectors of a model do not decay, magnitudes do. */
import { describe, expect, it } from 'vitest';
import { loraDefaults } from '../../shared/domain/lora-config.ts';
import { trainingDefaults } from '../../shared/domain/training-settings.ts';
import { Parameter } from '../autograd/tape.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { fromFloats, toFloats, unscoped } from '../tensor/tensor.ts';
import { AdamW } from './adamw.ts';
import { optimizerGroups } from './parameter-groups.ts';

const [rate, ratio, decay] = [0.1, 16, 0.5];
const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay };

/** Two steps from 1 with gradients 0.5 and -0.25, in f64 as torch.optim.AdamW's documentation writes it. */
function byHand(learningRate: number, weightDecay: number): number {
  let [value, m, v] = [1, 0, 0];
  [0.5, -0.25].forEach((gradient, index) => {
    const step = index + 1;
    value *= 1 - learningRate * weightDecay;
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient * gradient;
    value -= (learningRate * (m / (1 - 0.9 ** step))) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8);
  });
  return value;
}

function twoSteps(rateRatio: number): Record<string, number> {
  const shapes: Record<string, number[]> = { 'q.lora_A': [1, 1], 'q.lora_B': [1, 1], 'q.lora_magnitude_vector': [1], 'q.weight': [1, 1], 'norm.weight': [1] };
  const parameters = Object.entries(shapes).map(
    ([name, shape]) =>
      new Parameter(
        name,
        unscoped(() => fromFloats(Float32Array.of(1), shape)),
      ),
  );
  const optimizer = new AdamW(parameters, { ...options, rateRatio });
  [0.5, -0.25].forEach((gradient, index) => {
    for (const { grad } of parameters) if (grad !== null) loadAddon().fill(grad.id, gradient);
    optimizer.step({ step: index + 1, learningRate: rate, gradScale: 1 });
  });
  const values = Object.fromEntries(parameters.map(({ name, value }) => [name, toFloats(value)[0] ?? NaN]));
  optimizer.dispose();
  parameters.forEach((parameter) => parameter.dispose());
  return values;
}

describe('AdamW', () => {
  it.each([1, ratio])('steps each group at its own rate, ratio %d', (rateRatio) => {
    const values = twoSteps(rateRatio);
    const expected = {
      'q.lora_A': byHand(rate, decay),
      'q.lora_B': byHand(rate * rateRatio, decay),
      'q.lora_magnitude_vector': byHand(rate * rateRatio, decay),
      'q.weight': byHand(rate, decay),
      'norm.weight': byHand(rate, 0),
    };
    for (const [name, value] of Object.entries(expected)) expect(values[name], name).toBeCloseTo(value, 5);
  });

  it('says that a value has changed', () => {
    const parameter = new Parameter(
      'q.lora_A',
      unscoped(() => fromFloats(Float32Array.of(1), [1, 1])),
    );
    const optimizer = new AdamW([parameter], options);
    const before = parameter.revision;
    optimizer.step({ step: 1, learningRate: rate, gradScale: 1 });
    expect(parameter.revision).not.toBe(before);
    optimizer.dispose();
    parameter.dispose();
  });
});

describe('optimizerGroups', () => {
  const training = { ...trainingDefaults, learning_rate: 2e-4, weight_decay: 0.01 };

  it('names the groups of an adapter with their rates', () => {
    expect(optimizerGroups({ lora: { ...loraDefaults, use_dora: true, loraplus_lr_ratio: 16 }, training })).toEqual([
      { group: 'lora_A', learning_rate: 2e-4, weight_decay: 0.01 },
      { group: 'lora_B', learning_rate: 3.2e-3, weight_decay: 0.01 },
      { group: 'lora_magnitude_vector', learning_rate: 3.2e-3, weight_decay: 0.01 },
    ]);
    expect(optimizerGroups({ lora: loraDefaults, training }).map(({ group }) => group)).toEqual(['lora_A', 'lora_B']);
  });

  it('has no ratio where every weight is trained', () => {
    const groups = optimizerGroups({ lora: { ...loraDefaults, loraplus_lr_ratio: 16 }, training: { ...training, mode: 'full' } });
    expect(groups.map(({ group, learning_rate, weight_decay }) => [group, learning_rate, weight_decay])).toEqual([
      ['matrices', 2e-4, 0.01],
      ['vectors', 2e-4, 0],
    ]);
  });
});
