/** Every row of gated units against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterEach, describe, expect, it } from 'vitest';
import type { GluActivation } from '../../../compute/tensor/addon.ts';
import { errorInBounds, KernelLab, type LabTensor } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

type Float = 'f32' | 'bf16';
interface Case {
  readonly elements: number;
  readonly activation: GluActivation;
  readonly gate?: Float;
  readonly up?: Float;
  readonly dy?: Float;
  readonly y?: Float;
}

const lab = new KernelLab();
afterEach(() => lab.release());
const activations: GluActivation[] = ['silu', 'gelu_tanh', 'gelu'];

/** Gates over [-12, 12], where all activations bend, and far outside at the ends. */
function gates(elements: number): Float64Array {
  return Float64Array.from({ length: elements }, (_, i) => (i % 50 === 49 ? (i % 100 === 99 ? 200 : -200) : -12 + (24 * ((i * 37 + 530) % 1001)) / 1000));
}

function runOf({ elements, activation, gate: gateType = 'f32', up: upType = 'f32', dy: dyType = 'f32', y: yType = 'f32' }: Case): () => Result[] {
  const shape = [1, elements];
  const [gate, up, dy] = [lab.tensor(gateType, shape, gates(elements)), lab.random(upType, shape, 1), lab.random(dyType, shape, 2)];
  return () => {
    const [y, dgate, dup] = [lab.empty(yType, shape), lab.empty(gateType, shape), lab.empty(upType, shape)];
    lab.addon.gluForward(y.id, gate.id, up.id, { activation });
    lab.addon.gluBackward(dgate.id, dup.id, dy.id, gate.id, { up: up.id, activation });
    return Object.entries({ y, dgate, dup }).map(([name, tensor]) => ({ name, dtype: tensor.dtype, values: lab.values(tensor) }));
  };
}

/** Φ by Simpson's rule on the density: independent of any erf, and good to 1e-10 here. */
function normal(x: number): number {
  const steps = 2000;
  const h = x / steps;
  const density = (t: number): number => Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += density(i * h) * (i % 2 === 0 ? 2 : 4);
  return 0.5 + (sum * h) / 3;
}

const formulas: Record<GluActivation, (x: number) => number> = {
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu_tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  gelu: (x) => x * normal(x),
};

describe('glu', () => {
  const sizes = [0, 1, 15, 16, 17, 1000, 40_003];
  const cases: Case[] = activations.flatMap((activation) => [
    ...sizes.map((elements) => ({ elements, activation })),
    { elements: 1003, activation, gate: 'bf16', up: 'bf16', dy: 'bf16', y: 'bf16' } as const,
    { elements: 77, activation, gate: 'bf16' } as const,
    { elements: 77, activation, up: 'bf16', y: 'bf16' } as const,
    { elements: 77, activation, dy: 'bf16' } as const,
  ]);
  it.each(cases)('rows agree: %j', (options) => {
    expect(compareRows('glu', runOf(options)).differences).toEqual([]);
  });

  it('gives the same bits on any thread count', () => {
    expect(threadDifferences('glu', runOf({ elements: 100_001, activation: 'silu' }))).toEqual([]);
  });

  it.each(activations)('%s is the formula and its slope', (activation) => {
    const elements = 40;
    const act = formulas[activation];
    const x = [...gates(elements)].map(Math.fround);
    const [y, dgate, dup] = compareRows('glu', runOf({ elements, activation })).reference;
    const [up, dy] = [lab.values(lab.random('f32', [elements], 1)), lab.values(lab.random('f32', [elements], 2))];
    const expected = (of: (value: number, i: number) => number): Float64Array => Float64Array.from(x, of);
    const h = 1e-4;
    const check = (actual: Result | undefined, of: (value: number, i: number) => number): void =>
      expect(errorInBounds(actual?.values ?? new Float64Array(), expected(of), 1e-7, 'f32')).toBeLessThanOrEqual(1);
    check(y, (value, i) => act(value) * (up[i] ?? NaN));
    check(dup, (value, i) => act(value) * (dy[i] ?? NaN));
    check(dgate, (value, i) => ((act(value + h) - act(value - h)) / (2 * h)) * (up[i] ?? NaN) * (dy[i] ?? NaN));
  });

  it('writes gradients over its inputs', () => {
    const shape = [3, 37];
    const fresh = (): [LabTensor, LabTensor, LabTensor] => [lab.random('f32', shape, 1), lab.random('f32', shape, 2), lab.random('f32', shape, 3)];
    const [gate, up, dy] = fresh();
    const [dgate, dup] = [lab.empty('f32', shape), lab.empty('f32', shape)];
    lab.addon.gluBackward(dgate.id, dup.id, dy.id, gate.id, { up: up.id, activation: 'silu' });
    const [gate2, up2, dy2] = fresh();
    lab.addon.gluBackward(gate2.id, up2.id, dy2.id, gate2.id, { up: up2.id, activation: 'silu' });
    expect([lab.values(gate2), lab.values(up2)]).toEqual([lab.values(dgate), lab.values(dup)]);
    expect(() => lab.addon.gluBackward(up2.id, up2.id, dy2.id, gate2.id, { up: up2.id, activation: 'silu' })).toThrow(/same memory/);
  });
});
