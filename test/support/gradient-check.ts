/**
 * Gradient checks: an op's value and gradients against its plain TypeScript reference, whose derivative is taken by central
 * differences in f64. So the reference is the oracle for both passes, and a wrong sign or a forgotten term shows.
 */
import { expect } from 'vitest';
import { Parameter, Tape, Variable } from '../../compute/autograd/tape.ts';
import type { FloatDType } from '../../compute/tensor/dtype.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { convert, fromFloats, owned, scope, toFloats, unscoped, type Tensor } from '../../compute/tensor/tensor.ts';

/** Norm-wise bounds: f32 sums of some hundred terms, and bf16's 8 bits. */
export const tolerances = { f32: 2e-5, bf16: 2e-2 } as const satisfies Record<FloatDType, number>;

/** Numbers in (-1, 1) that look random and are the same every time. */
export function pseudoRandom(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** ‖a − b‖ / ‖b‖ */
export function distance(a: ArrayLike<number>, b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return norm(Array.from(a).map((value, i) => value - (b[i] ?? NaN))) / Math.max(norm([...b]), 1e-30);
}

export interface OpCheck {
  /** Shapes of the inputs that a gradient flows to; parameters are f32 whatever the activations are. */
  readonly inputs: readonly { readonly shape: readonly number[]; readonly kind?: 'activation' | 'parameter'; readonly values?: Float32Array }[];
  readonly op: (tape: Tape, inputs: readonly Variable[], dtype: FloatDType) => Variable;
  /** The same in f64: input values by input, flat; returns the output, flat. */
  readonly reference: (inputs: readonly (readonly number[])[]) => readonly number[];
  /** Frees what the op made to last. */
  readonly dispose?: () => void;
}

/** Compares value and every gradient with the reference's. */
export function checkOp({ inputs, op, reference, dispose }: OpCheck, dtype: FloatDType): void {
  const before = loadAddon().memory().liveTensors;
  const made = inputs.map(({ shape, kind = 'activation', values }, i) => {
    const numbers =
      values ??
      pseudoRandom(
        shape.reduce((product, size) => product * size, 1),
        i + 1,
      );
    const f32 = owned(() => fromFloats(numbers, shape));
    if (kind === 'parameter') return unscoped(() => new Parameter(`input ${i}`, f32));
    const value = dtype === 'f32' ? f32 : owned(() => convert(f32, 'bf16'));
    if (value !== f32) f32.release();
    return new Variable(value, true);
  });
  const points = made.map(({ value }) => [...toFloats(value)]);
  const tape = new Tape({ recording: true });
  const y = owned(() => op(tape, made, dtype));
  const expected = reference(points);
  expect(distance(toFloats(y.value), expected)).toBeLessThan(tolerances[dtype]);
  const weights = pseudoRandom(expected.length, 99);
  const dy = owned(() => scaled(fromFloats(weights, y.value.shape), y.value));
  const roundedWeights = [...toFloats(dy)];
  tape.backward(y, dy);
  made.forEach(({ grad }, i) => {
    const wanted = centralDifferences((values) => dot(reference(values), roundedWeights), points, i);
    expect(grad, `gradient of input ${i}`).not.toBeNull();
    if (grad !== null) expect(distance(toFloats(grad), wanted), `gradient of input ${i}`).toBeLessThan(2 * tolerances[dtype]);
  });
  dispose?.();
  [y.value, dy].forEach((tensor) => tensor.release());
  for (const input of made) {
    if (input instanceof Parameter) input.dispose();
    else {
      input.releaseGrad();
      input.value.release();
    }
  }
  expect(loadAddon().memory().liveTensors, 'tensors left over').toBe(before);
}

const scaled = (tensor: Tensor, like: Tensor): Tensor => scope(() => convert(tensor, like.dtype === 'bf16' ? 'bf16' : 'f32'));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);

function centralDifferences(f: (inputs: readonly (readonly number[])[]) => number, inputs: readonly (readonly number[])[], which: number): number[] {
  const step = 1e-5;
  const at = (index: number, delta: number): number =>
    f(inputs.map((values, i) => (i === which ? values.map((value, j) => (j === index ? value + delta : value)) : values)));
  return (inputs[which] ?? []).map((_, index) => (at(index, step) - at(index, -step)) / (2 * step));
}

/** Rows of a flat matrix. */
export const toRows = (values: readonly number[], columns: number): number[][] =>
  Array.from({ length: values.length / columns }, (_, r) => values.slice(r * columns, (r + 1) * columns));
