/** Every AdamW row against the reference row, ten steps against numbers of torch.optim.AdamW's formula in f64, and the same bits on any thread count. */
import { afterEach, describe, expect, it } from 'vitest';
import { errorInBounds, KernelLab } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

const lab = new KernelLab();
afterEach(() => lab.release());
const options = { learningRate: 3e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, gradScale: 0.5 };

function runOf(elements: number, steps: number): () => Result[] {
  const grads = Array.from({ length: steps }, (_, step) => lab.random('f32', [elements], 10 + step));
  return () => {
    const [param, m, v] = [
      lab.random('f32', [elements], 1),
      lab.tensor('f32', [elements], new Float64Array(elements)),
      lab.tensor('f32', [elements], new Float64Array(elements)),
    ];
    grads.forEach((grad, i) => lab.addon.adamw(param.id, grad.id, m.id, v.id, { ...options, step: i + 1 }));
    return Object.entries({ param, m, v }).map(([name, tensor]) => ({ name, dtype: tensor.dtype, values: lab.values(tensor) }));
  };
}

/** One parameter's steps as PyTorch's documentation writes them. */
function steps(start: number, grads: readonly number[]): { param: number; m: number; v: number } {
  const { learningRate, beta1, beta2, epsilon, weightDecay, gradScale } = options;
  return grads.reduce(
    (state, grad, i) => {
      const g = grad * gradScale;
      const m = beta1 * state.m + (1 - beta1) * g;
      const v = beta2 * state.v + (1 - beta2) * g * g;
      const decayed = state.param - learningRate * weightDecay * state.param;
      return { m, v, param: decayed - (learningRate * (m / (1 - beta1 ** (i + 1)))) / (Math.sqrt(v / (1 - beta2 ** (i + 1))) + epsilon) };
    },
    { param: start, m: 0, v: 0 },
  );
}

describe('adamw', () => {
  it.each([0, 1, 15, 16, 17, 333, 40_003])('rows give the same bits: %i elements', (elements) => {
    expect(compareRows('adamw', runOf(elements, 3)).differences).toEqual([]);
  });

  it('gives the same bits on any thread count', () => {
    expect(threadDifferences('adamw', runOf(70_001, 2))).toEqual([]);
  });

  it('is the formula over ten steps', () => {
    const elements = 24;
    const { reference } = compareRows('adamw', runOf(elements, 10));
    const start = lab.values(lab.random('f32', [elements], 1));
    const grads = Array.from({ length: 10 }, (_, step) => lab.values(lab.random('f32', [elements], 10 + step)));
    const expected = Array.from(start, (value, i) =>
      steps(
        value,
        grads.map((grad) => grad[i] ?? NaN),
      ),
    );
    for (const { name, values } of reference) {
      const column = Float64Array.from(expected, (state) => state[name as 'param' | 'm' | 'v']);
      expect(errorInBounds(values, column, 3e-7, 'f32'), name).toBeLessThanOrEqual(1);
    }
  });

  it('refuses a step before the first', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((seed) => lab.random('f32', [3], seed).id);
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four tensors');
    expect(() => lab.addon.adamw(a, b, c, d, { ...options, step: 0 })).toThrow(/counts from 1/);
  });
});
