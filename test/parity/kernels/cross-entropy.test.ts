/** Every cross-entropy row against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { errorInBounds, KernelLab, rowsOf, sequence } from '../../support/kernel-lab.ts';

interface Case {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly gradScale?: number;
  readonly softcap?: number;
  /** Largest absolute logit. */
  readonly spread?: number;
}

const cases: Case[] = [
  { name: 'one word', rows: 1, columns: 1, gradScale: 1 },
  { name: 'a few words', rows: 5, columns: 7, gradScale: 0.25 },
  { name: 'whole vectors', rows: 4, columns: 64, gradScale: 1, spread: 5 },
  { name: 'blocks and a tail', rows: 6, columns: 4099, gradScale: 0.01, spread: 8 },
  { name: 'softcap', rows: 4, columns: 133, gradScale: 2, softcap: 3, spread: 6 },
  { name: 'loss only', rows: 4, columns: 1000, spread: 10 },
  { name: 'sure of itself', rows: 4, columns: 50, gradScale: 1, spread: 90 },
  { name: 'a real vocabulary', rows: 3, columns: 49152, gradScale: 1 / 512, spread: 12 },
];

const lab = new KernelLab();
afterEach(() => lab.release());
afterAll(() => lab.addon.configure({ threads: 2 }));

interface Graded {
  readonly loss: Float64Array;
  readonly logits: Float64Array;
  readonly best: Float64Array;
}

function inputs({ rows, columns, spread = 1 }: Case): { logits: Float64Array; labels: number[] } {
  const next = sequence(rows + columns);
  const logits = Float64Array.from({ length: rows * columns }, () => Math.fround(next() * spread));
  // Every third row is not graded.
  return { logits, labels: Array.from({ length: rows }, (_, row) => (row % 3 === 2 ? -100 : (row * 31) % columns)) };
}

function grade(shape: Case, values = inputs(shape)): Graded {
  const { rows, columns, gradScale = 0, softcap = 0 } = shape;
  const logits = lab.tensor('f32', [rows, columns], values.logits);
  const [loss, best] = [lab.empty('f32', [rows]), lab.empty('i32', [rows])];
  lab.addon.crossEntropy(loss.id, logits.id, lab.tensor('i32', [rows], values.labels).id, { gradScale, softcap, best: best.id });
  return { loss: lab.values(loss), logits: lab.values(logits), best: lab.values(best) };
}

function formula({ columns, gradScale = 0, softcap = 0 }: Case, { logits, labels }: { logits: Float64Array; labels: number[] }): Graded {
  const bend = (x: number): number => (softcap === 0 ? x : softcap * Math.tanh(x / softcap));
  const rows = labels.map((label, row) => {
    const raw = [...logits.subarray(row * columns, (row + 1) * columns)];
    const z = raw.map(bend);
    const best = raw.indexOf(Math.max(...raw));
    const total = z.reduce((sum, value) => sum + Math.exp(value - (z[best] ?? NaN)), 0);
    const gradient = z.map((value, i) => {
      const slope = softcap === 0 ? 1 : 1 - (value / softcap) ** 2;
      return label < 0 ? 0 : (Math.exp(value - (z[best] ?? NaN)) / total - (i === label ? 1 : 0)) * gradScale * slope;
    });
    const loss = label < 0 ? 0 : Math.log(total) + (z[best] ?? NaN) - (z[label] ?? NaN);
    return { best, loss, logits: gradScale === 0 ? raw : gradient };
  });
  return {
    loss: Float64Array.from(rows, ({ loss }) => loss),
    best: Float64Array.from(rows, ({ best }) => best),
    logits: Float64Array.from(rows.flatMap((row) => row.logits)),
  };
}

/** softmax - 1 cancels where the model is sure: errors count against gradScale itself. */
const scaled = (values: Float64Array, { gradScale = 0 }: Case): Float64Array => Float64Array.from([...values, gradScale]);

function expectAgreement(shape: Case, actual: Graded, expected: Graded, tolerance: number): void {
  expect(actual.best).toEqual(expected.best);
  expect(
    errorInBounds(scaled(actual.loss, { ...shape, gradScale: 1 }), scaled(expected.loss, { ...shape, gradScale: 1 }), tolerance, 'f32'),
  ).toBeLessThanOrEqual(1);
  expect(errorInBounds(scaled(actual.logits, shape), scaled(expected.logits, shape), tolerance, 'f32')).toBeLessThanOrEqual(1);
}

describe('the reference row of cross-entropy', () => {
  it.each(cases)('is the formula: $name', (shape) => {
    lab.addon.forceKernel('cross_entropy', 'cross_entropy_ref');
    expectAgreement(shape, grade(shape), formula(shape, inputs(shape)), 1e-7);
  });
});

for (const row of rowsOf('cross_entropy')) {
  describe(row.name, () => {
    it.each(cases)('agrees with the reference: $name', (shape) => {
      lab.addon.forceKernel('cross_entropy', 'cross_entropy_ref');
      const expected = grade(shape);
      lab.addon.forceKernel('cross_entropy', row.name);
      expectAgreement(shape, grade(shape), expected, row.tolerance);
    });

    it('names the first of equally good words and does not lose a NaN', () => {
      lab.addon.forceKernel('cross_entropy', row.name);
      const logits = Float64Array.from({ length: 100 }, (_, i) => (i === 37 || i === 21 || i === 90 ? 3 : -i));
      expect(grade({ name: '', rows: 1, columns: 100 }, { logits, labels: [4] }).best).toEqual(Float64Array.of(21));
      const broken = logits.with(55, NaN);
      expect(grade({ name: '', rows: 1, columns: 100 }, { logits: broken, labels: [4] }).loss).toEqual(Float64Array.of(NaN));
    });
  });
}

it.each(rowsOf('cross_entropy'))('$name writes the gradient beside the logits, rounded once to bf16', (row) => {
  lab.addon.forceKernel('cross_entropy', row.name);
  for (const shape of cases.filter(({ gradScale = 0 }) => gradScale !== 0)) {
    const { rows, columns, gradScale = 0, softcap = 0 } = shape;
    const values = inputs(shape);
    const [logits, loss, gradient] = [lab.tensor('f32', [rows, columns], values.logits), lab.empty('f32', [rows]), lab.empty('bf16', [rows, columns])];
    const labels = lab.tensor('i32', [rows], values.labels);
    lab.addon.crossEntropy(loss.id, logits.id, labels.id, { gradScale, softcap, best: 0 as typeof loss.id, gradient: gradient.id });
    const inPlace = grade(shape, values);
    expect(lab.values(logits)).toEqual(values.logits);
    expect(lab.values(loss)).toEqual(inPlace.loss);
    expect(lab.values(gradient)).toEqual(lab.values(lab.tensor('bf16', [rows, columns], inPlace.logits)));
  }
});

it('gives the same bits on any thread count', () => {
  const results = [1, 2, 3].map((threads) => {
    lab.addon.configure({ threads });
    return cases.map((shape) => grade(shape));
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

it('refuses a label outside the vocabulary', () => {
  expect(() => grade({ name: '', rows: 1, columns: 4 }, { logits: new Float64Array(4), labels: [4] })).toThrow(/outside the vocabulary/);
});
