/** Products of halves against f64, and laid out once against each time. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Weight } from './weight.ts';
import { Variable } from './tape.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { empty, scope, toFloats, type Tensor } from '../tensor/tensor.ts';

beforeAll(() => loadAddon().configure({ isa: loadAddon().bestIsa(), threads: 2 }));

const [rows, inputs, outputs] = [37, 192, 65];

function random(shape: readonly [number, number], stream: number): Tensor {
  const x = empty('f32', shape);
  loadAddon().randomNormal(x.id, { mean: 0, deviation: 1, seed: 7, stream });
  return x;
}

describe('a product of halves', () => {
  it('is right to sixteen bits, where one of bf16 has eight; with a factor, added, and with one of low rank', () => {
    scope(() => {
      const [x, w, a, b] = [random([rows, inputs], 1), random([outputs, inputs], 2), random([rows, 4], 3), random([outputs, 4], 4)];
      const weight = Weight.frozen(w);
      const y = random([rows, outputs], 5);
      const before = toFloats(y);
      weight.multiply(y, x, { products: 'halves', alpha: 0.5, accumulate: true, low: { a2: a.id, b2: b.id, transposeB2: true } });
      const [found, xs, ws, as, bs] = [toFloats(y), toFloats(x), toFloats(w), toFloats(a), toFloats(b)];
      for (let r = 0; r < rows; r += 1) {
        for (let o = 0; o < outputs; o += 1) {
          let [sum, sizes] = [before[r * outputs + o] ?? 0, 0];
          for (let i = 0; i < inputs; i += 1) {
            const term = 0.5 * (xs[r * inputs + i] ?? 0) * (ws[o * inputs + i] ?? 0);
            sum += term;
            sizes += term ** 2;
          }
          for (let i = 0; i < 4; i += 1) sum += (as[r * 4 + i] ?? 0) * (bs[o * 4 + i] ?? 0);
          expect(Math.abs((found[r * outputs + o] ?? NaN) - sum)).toBeLessThan(2 ** -14 * Math.sqrt(sizes));
        }
      }
    });
  });

  it('has the same bits whether the halves of the weight are laid out once or each time', () => {
    scope(() => {
      const [x, w] = [random([rows, inputs], 1), random([outputs, inputs], 2)];
      const [each, once] = [Weight.frozen(w), Weight.frozen(w)];
      once.pack({ products: 'halves', inputType: 'f32' }, { forward: true, backward: false });
      const product = (weight: Weight): Float32Array => {
        const y = empty('f32', [rows, outputs]);
        weight.multiply(y, x, { products: 'halves' });
        return toFloats(y);
      };
      expect(product(once)).toEqual(product(each));
      once.dispose();
    });
    expect(loadAddon().memory().liveTensors).toBe(0);
  });

  it('is one of floats where the weight is trained', () => {
    scope(() => {
      const [x, w] = [random([rows, inputs], 1), random([outputs, inputs], 2)];
      const product = (weight: Weight, products: 'float' | 'halves'): Float32Array => {
        const y = empty('f32', [rows, outputs]);
        weight.multiply(y, x, { products });
        return toFloats(y);
      };
      expect(product(new Weight(new Variable(w, true)), 'halves')).toEqual(product(Weight.frozen(w), 'float'));
    });
  });
});
