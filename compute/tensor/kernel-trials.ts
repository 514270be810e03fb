/**
 * One small call of every kernel in every form that training uses, long enough to enter its vector loops and its tails.
 * Nothing is compared: this finds out whether the instructions exist on this machine. The probe process runs it.
 */
import { noTensor, type Addon, type TensorId } from './addon.ts';
import { dtypes, type DType, type FloatDType } from './dtype.ts';

export interface KernelTrial {
  readonly name: string;
  run(): void;
}

const floats: readonly FloatDType[] = ['f32', 'bf16'];
const stored = Object.keys(dtypes).filter((type) => type !== 'i32') as DType[];

/** Makes tensors of the probe; zeros are sound in every format. */
class Bench {
  readonly #addon: Addon;
  readonly #made: TensorId[] = [];

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  tensor(dtype: DType, ...shape: number[]): TensorId {
    const id = this.#addon.allocate(dtypes[dtype].id, shape, 'probe');
    this.#made.push(id);
    const { blockElements, blockBytes } = dtypes[dtype];
    const bytes = (shape.reduce((product, size) => product * size, 1) / blockElements) * blockBytes;
    // The array's elements are as wide as the tensor's; blocks count as bytes.
    const Elements = blockBytes === 4 ? Float32Array : blockBytes === 2 ? Uint16Array : Uint8Array;
    this.#addon.write(id, new Elements(bytes / Elements.BYTES_PER_ELEMENT), 0);
    return id;
  }

  ints(...values: number[]): TensorId {
    const id = this.tensor('i32', values.length);
    this.#addon.write(id, Int32Array.from(values), 0);
    return id;
  }

  keep(id: TensorId): TensorId {
    this.#made.push(id);
    return id;
  }

  clear(): void {
    for (const id of this.#made.splice(0)) this.#addon.release(id);
  }
}

export function kernelTrials(addon: Addon): readonly KernelTrial[] {
  const bench = new Bench(addon);
  const trial = (name: string, body: () => void): KernelTrial => ({
    name,
    run: () => {
      try {
        body();
      } finally {
        bench.clear();
      }
    },
  });
  return [...products(addon, bench, trial), ...blocks(addon, bench, trial), ...elementwise(addon, bench, trial), ...rows(addon, bench, trial)];
}

type Trial = (name: string, body: () => void) => KernelTrial;

const [T, K, N] = [37, 256, 70] as const;

function products(addon: Addon, bench: Bench, trial: Trial): KernelTrial[] {
  const every = stored.flatMap((type) => floats.map((input) => [type, input] as const));
  return [
    ...every.map(([type, input]) =>
      trial(`gemm ${input} x ${type}`, () => {
        const w = bench.tensor(type, N, K);
        for (const rowCount of [1, 3, T]) addon.gemm(bench.tensor(input, rowCount, N), bench.tensor(input, rowCount, K), w, { transposeB: true });
        addon.gemm(bench.tensor(input, T, K), bench.tensor(input, T, N), w, { alpha: 0.5, accumulate: true });
      }),
    ),
    ...stored.map((type) =>
      trial(`gemm int8 x ${type}`, () => {
        const w = bench.tensor(type, N, K);
        addon.gemmInt8(bench.tensor('f32', T, N), bench.tensor('f32', T, K), w, { transposeB: true, accumulate: false });
        addon.gemmInt8(bench.tensor('f32', T, K), bench.tensor('f32', T, N), w, { transposeB: false, accumulate: true });
        const panels = bench.keep(addon.gemmInt8Pack(w, { transposeB: true, tag: 'probe' }));
        addon.gemmInt8(bench.tensor('f32', T, N), bench.tensor('f32', T, K), panels, { transposeB: true, accumulate: false });
      }),
    ),
    ...floats.map((input) =>
      trial(`gemm transposed ${input}`, () =>
        addon.gemm(bench.tensor('f32', N, K), bench.tensor(input, T, N), bench.tensor(input, T, K), { transposeA: true, accumulate: true }),
      ),
    ),
    ...every.map(([type, input]) =>
      trial(`gemm packed ${input} x ${type}`, () => {
        const options = { inputType: dtypes[input].id, tag: 'probe' };
        const forward = bench.keep(addon.gemmPack(bench.tensor(type, N, K), { ...options, transposeB: true }));
        addon.gemm(bench.tensor(input, T, N), bench.tensor(input, T, K), forward, { transposeB: true });
        const backward = bench.keep(addon.gemmPack(bench.tensor(type, N, K), { ...options, transposeB: false }));
        addon.gemm(bench.tensor(input, T, K), bench.tensor(input, T, N), backward, {});
      }),
    ),
  ];
}

function blocks(addon: Addon, bench: Bench, trial: Trial): KernelTrial[] {
  const [heads, keyHeads, headSize] = [4, 2, 40];
  const shape = { heads, keyHeads, headSize, scale: 0.1 };
  return floats.flatMap((type) => [
    trial(`attention ${type}`, () => {
      const [q, k, v, o, lse] = [
        bench.tensor(type, T, heads * headSize),
        bench.tensor(type, T, keyHeads * headSize),
        bench.tensor(type, T, keyHeads * headSize),
        bench.tensor(type, T, heads * headSize),
        bench.tensor('f32', heads, T),
      ];
      const offsets = bench.ints(0, 9, T);
      for (const { window, softcap } of [
        { window: 0, softcap: 0 },
        { window: 5, softcap: 30 },
      ]) {
        const options = { ...shape, window, softcap, v, queryOffsets: offsets, keyOffsets: offsets };
        addon.attentionForward(o, lse, q, k, options);
        const [dq, dk, dv, dout] = [
          bench.tensor(type, T, heads * headSize),
          bench.tensor(type, T, keyHeads * headSize),
          bench.tensor(type, T, keyHeads * headSize),
          bench.tensor(type, T, heads * headSize),
        ];
        addon.attentionBackward(dq, dk, dv, dout, { ...options, q, k, o, lse });
      }
      const one = { ...shape, window: 0, softcap: 0, v, queryOffsets: bench.ints(0, 1), keyOffsets: bench.ints(0, T) };
      addon.attentionForward(bench.tensor(type, 1, heads * headSize), bench.tensor('f32', heads, 1), bench.tensor(type, 1, heads * headSize), k, one);
    }),
    trial(`rope ${type}`, () => {
      const x = bench.tensor(type, T, heads * headSize);
      const options = { inverseFrequency: bench.tensor('f32', headSize / 2), headSize, inverse: false, scale: 1 };
      for (const interleaved of [false, true]) addon.rope(x, x, bench.ints(...Array.from({ length: T }, (_, i) => i)), { ...options, interleaved });
    }),
    trial(`causal convolution ${type}`, () => {
      const [x, y, dx, dy] = [bench.tensor(type, T, N), bench.tensor(type, T, N), bench.tensor(type, T, N), bench.tensor(type, T, N)];
      const options = { weight: bench.tensor('f32', N, 4), bias: bench.tensor('f32', N), segments: bench.ints(0, 9, T) };
      addon.causalConvForward(y, x, options);
      addon.causalConvBackward(dx, bench.tensor('f32', N, 4), bench.tensor('f32', N), dy, { ...options, x });
    }),
    trial(`state space ${type}`, () => {
      const [tokens, stateHeads, stateSize] = [150, 2, 24];
      const sizes = { heads: stateHeads, headSize, groups: 1, stateSize, leastDelta: 0, mostDelta: Infinity };
      const vector = (): TensorId => bench.tensor('f32', stateHeads);
      const matrix = (columns: number): TensorId => bench.tensor(type, tokens, columns);
      const [inner, all] = [stateHeads * headSize, stateHeads * headSize + 2 * stateSize];
      const [xbc, dt, states] = [matrix(all), matrix(stateHeads), bench.tensor('f32', 3, stateHeads, stateSize, headSize)];
      const options = { ...sizes, dtBias: vector(), aLog: vector(), d: vector(), segments: bench.ints(0, 9, tokens), states };
      addon.stateSpaceForward(matrix(inner), xbc, dt, { ...options, initial: noTensor, final: noTensor });
      const sums = { dDtBias: vector(), dALog: vector(), dD: vector() };
      addon.stateSpaceBackward(matrix(all), matrix(stateHeads), matrix(inner), xbc, { ...options, ...sums, dt });
    }),
    trial(`rmsnorm ${type}`, () => {
      const [x, w, inverseRms] = [bench.tensor(type, T, N), bench.tensor(type, N), bench.tensor('f32', T)];
      addon.rmsnormForward(bench.tensor(type, T, N), inverseRms, x, w, { epsilon: 1e-5, offset: 0 });
      addon.rmsnormBackward(bench.tensor(type, T, N), bench.tensor('f32', N), bench.tensor(type, T, N), x, { w, inverseRms, offset: 0, accumulate: false });
    }),
    ...(['silu', 'gelu_tanh', 'gelu'] as const).map((activation) =>
      trial(`glu ${activation} ${type}`, () => {
        const [gate, up, y] = [bench.tensor(type, T, N), bench.tensor(type, T, N), bench.tensor(type, T, N)];
        addon.gluForward(y, gate, up, { activation });
        addon.gluBackward(bench.tensor(type, T, N), bench.tensor(type, T, N), y, gate, { up, activation });
      }),
    ),
  ]);
}

function elementwise(addon: Addon, bench: Bench, trial: Trial): KernelTrial[] {
  const step = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, step: 1, gradScale: 1 };
  return [
    trial('adamw', () => addon.adamw(bench.tensor('f32', T, N), bench.tensor('f32', T, N), bench.tensor('f32', T, N), bench.tensor('f32', T, N), step)),
    trial('fill, sums', () => {
      const x = bench.tensor('f32', T, N);
      addon.fill(x, 1);
      addon.sumOfSquares(x);
      addon.allFinite(x);
    }),
    trial('random', () => {
      addon.randomUniform(bench.tensor('f32', T, N), { low: 0, high: 1, seed: 1, stream: 1 });
      addon.randomNormal(bench.tensor('f32', T, N), { mean: 0, deviation: 1, seed: 1, stream: 1 });
    }),
    ...floats.map((type) =>
      trial(`elementwise ${type}`, () => {
        const [a, b] = [bench.tensor(type, T, N), bench.tensor(type, T, N)];
        addon.addScaled(a, a, b, { alpha: 1, beta: 2 });
        addon.scaleColumns(a, a, bench.tensor('f32', N), b);
        addon.columnDots(bench.tensor('f32', N), a, b);
        addon.multiply(a, a, b);
        addon.dropout(a, b, { p: 0.1, seed: 1, stream: 1 });
      }),
    ),
    ...stored.flatMap((type) =>
      floats.map((output) => trial(`convert ${type} to ${output}`, () => addon.convert(bench.tensor(output, 3, K), bench.tensor(type, 3, K), { scale: 1 }))),
    ),
  ];
}

function rows(addon: Addon, bench: Bench, trial: Trial): KernelTrial[] {
  return [
    trial('cross entropy', () => {
      const [logits, labels] = [bench.tensor('f32', 3, N), bench.ints(1, -100, 2)];
      addon.crossEntropy(bench.tensor('f32', 3), logits, labels, { gradScale: 0, softcap: 0, best: bench.ints(0, 0, 0) });
      addon.crossEntropy(bench.tensor('f32', 3), logits, labels, { gradScale: 1, softcap: 30, best: noTensor });
      addon.crossEntropy(bench.tensor('f32', 3), logits, labels, { gradScale: 1, softcap: 0, best: noTensor, gradient: bench.tensor('bf16', 3, N) });
    }),
    ...stored.map((type) =>
      trial(`embedding ${type}`, () => addon.embeddingForward(bench.tensor('f32', 3, K), bench.tensor(type, 5, K), bench.ints(4, 0, 4), { scale: 2 })),
    ),
    ...floats.map((type) =>
      trial(`rows ${type}`, () => {
        const ids = bench.ints(4, 0, 4);
        addon.embeddingBackward(bench.tensor('f32', 5, N), bench.tensor(type, 3, N), ids, { scale: 1 });
        addon.gatherRows(bench.tensor(type, 3, N), bench.tensor(type, 5, N), ids);
        addon.scatterRows(bench.tensor(type, 5, N), bench.tensor(type, 3, N), bench.ints(0, 2, 4));
      }),
    ),
  ];
}
