/** Projections in one matrix give what the matrix as one projection gives, with dropout and with panels too. */
import { describe, expect, test } from 'vitest';
import { distance, pseudoRandom, tolerances } from '../../../test/support/gradient-check.ts';
import type { FloatDType } from '../../tensor/dtype.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { convert, fromFloats, scope, toFloats, unscoped, type Tensor } from '../../tensor/tensor.ts';
import { StackedWeight } from '../stacked-weight.ts';
import { Parameter, Tape, Variable } from '../tape.ts';
import { Weight } from '../weight.ts';
import { loraLinear } from './lora-linear.ts';
import { splitLinear } from './split-linear.ts';

const [tokens, inputs, rank] = [20, 48, 4] as const;
const rows = [32, 16, 16];
const outputs = 64;
const dropout = { p: 0.4, seed: 5, stream: 3 };

interface Computed {
  readonly y: number[];
  readonly dx: number[];
  readonly da: number[];
  readonly db: number[];
}

/** What a projection computes forwards and backwards; `forward` returns the columns of y in order. */
function compute(dtype: FloatDType, forward: (tape: Tape, x: Variable, adapter: { a: Parameter; b: Parameter }) => readonly Variable[]): Computed {
  return scope(() => {
    const typed = (shape: readonly [number, number], seed: number): Tensor => convert(fromFloats(pseudoRandom(shape[0] * shape[1], seed), shape), dtype);
    const parameter = (name: string, shape: readonly [number, number], seed: number): Parameter =>
      unscoped(() => new Parameter(name, fromFloats(pseudoRandom(shape[0] * shape[1], seed), shape)));
    const x = new Variable(typed([tokens, inputs], 1), true);
    const [a, b] = [parameter('a', [rank, inputs], 2), parameter('b', [outputs, rank], 3)];
    const tape = new Tape({ recording: true });
    const parts = forward(tape, x, { a, b });
    const dy = pseudoRandom(tokens * outputs, 4);
    let column = 0;
    for (const part of parts) {
      const from = column;
      column += part.value.columns;
      part.grad = convert(fromFloats(cut(dy, from, column), [tokens, part.value.columns]), dtype).retain();
    }
    const y = join(parts.map(({ value }) => toFloats(value)));
    tape.backward(parts.at(-1) ?? x);
    const result = { y, dx: values(x.grad), da: values(a.grad), db: values(b.grad) };
    [a, b].forEach((each) => each.dispose());
    x.releaseGrad();
    return result;
  });
}

const values = (tensor: Tensor | null): number[] => (tensor === null ? [] : [...toFloats(tensor)]);
const cut = (dy: Float32Array, from: number, to: number): Float32Array =>
  Float32Array.from(Array.from({ length: tokens }, (_, t) => [...dy.subarray(t * outputs + from, t * outputs + to)]).flat());
const join = (parts: readonly Float32Array[]): number[] =>
  Array.from({ length: tokens }, (_, t) => parts.flatMap((part) => [...part.subarray((t * part.length) / tokens, ((t + 1) * part.length) / tokens)])).flat();

describe.each(['f32', 'bf16'] as const)('%s', (dtype) => {
  test.each(['stored', 'packed'] as const)('the parts are the whole, %s', (panels) => {
    const before = loadAddon().memory().liveTensors;
    scope(() => {
      const matrix = new Variable(fromFloats(pseudoRandom(outputs * inputs, 9), [outputs, inputs]), false);
      const stack = new StackedWeight(matrix, rows);
      if (panels === 'packed') stack.pack({ products: 'float', inputType: dtype }, { forward: true, backward: true });
      const whole = compute(dtype, (tape, x, adapter) => [loraLinear(tape, x, new Weight(matrix), { ...adapter, scale: 2, bias: null, dropout })]);
      const split = compute(dtype, (tape, x, adapter) => splitLinear(tape, x, stack, { ...adapter, scale: 2, dropout }));
      for (const key of ['y', 'dx', 'da', 'db'] as const) expect(distance(split[key], whole[key]), key).toBeLessThan(tolerances[dtype]);
      stack.dispose();
    });
    expect(loadAddon().memory().liveTensors).toBe(before);
  });

  test('parts that are not all of the matrix are refused', () => {
    scope(() => {
      const matrix = new Variable(fromFloats(pseudoRandom(outputs * inputs, 9), [outputs, inputs]), false);
      expect(() => new StackedWeight(matrix, [32, 16])).toThrow('32 + 16 rows');
    });
  });
});
