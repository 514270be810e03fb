/** The fused loss with a factor and a soft cap of the logits: value and both gradients against central differences of its plain reference. */
import { describe, expect, test } from 'vitest';
import { distance, pseudoRandom, tolerances, toRows } from '../../../test/support/gradient-check.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { fromFloats, owned, scope, toFloats, unscoped } from '../../tensor/tensor.ts';
import { Parameter, Tape, Variable } from '../tape.ts';
import { Weight } from '../weight.ts';
import { linearReference } from './linear.ts';
import { crossEntropyReference, linearCrossEntropy } from './linear-cross-entropy.ts';

const [rows, columns, vocabulary] = [5, 12, 9];
const labels = Int32Array.of(3, -100, 0, 8, -100);
const normaliser = 3;

describe.each([
  { scale: 1, softcap: 0 },
  { scale: 0.125, softcap: 0 },
  { scale: 2.5, softcap: 1.5 },
])('scale $scale, soft cap $softcap', ({ scale, softcap }) => {
  const loss = (x: readonly number[], w: readonly number[]): number =>
    linearReference(toRows(x, columns), toRows(w, columns)).reduce((sum, row, r) => {
      const label = labels[r] ?? -1;
      const logits = row.map((value) => (softcap === 0 ? scale * value : softcap * Math.tanh((scale * value) / softcap)));
      return label < 0 ? sum : sum + crossEntropyReference(logits, label);
    }, 0);

  test('loss and gradients', () => {
    const before = loadAddon().memory().liveTensors;
    const x = new Variable(
      owned(() => fromFloats(pseudoRandom(rows * columns, 1), [rows, columns])),
      true,
    );
    const table = unscoped(() => new Parameter('head', fromFloats(pseudoRandom(vocabulary * columns, 2), [vocabulary, columns])));
    const points = [x, table].map(({ value }) => [...toFloats(value)]);
    const [xs = [], ws = []] = points;
    const tape = new Tape({ recording: true });
    scope(() => {
      const { lossSum, root } = linearCrossEntropy(tape, x, new Weight(table), { labels, normaliser, scale, softcap });
      expect(Math.abs(lossSum - loss(xs, ws))).toBeLessThan(1e-5);
      tape.backward(root);
    });
    const slope = (at: (delta: number) => number): number => (at(1e-5) - at(-1e-5)) / 2e-5 / normaliser;
    const moved = (values: readonly number[], index: number, delta: number): number[] => values.map((value, i) => (i === index ? value + delta : value));
    const wanted = [xs.map((_, i) => slope((delta) => loss(moved(xs, i, delta), ws))), ws.map((_, i) => slope((delta) => loss(xs, moved(ws, i, delta))))];
    [x, table].forEach(({ grad }, i) => {
      expect(grad).not.toBeNull();
      if (grad !== null) expect(distance(toFloats(grad), wanted[i] ?? [])).toBeLessThan(tolerances.f32);
    });
    x.releaseGrad();
    x.value.release();
    table.dispose();
    expect(loadAddon().memory().liveTensors).toBe(before);
  });
});
