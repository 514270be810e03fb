/** Runs each op once in every element type it takes, with sizes that reach the vector bodies and the tails. */
import { Parameter, Tape } from '../autograd/tape.ts';
import { attention } from '../autograd/ops/attention.ts';
import { embedding } from '../autograd/ops/embedding.ts';
import { glu } from '../autograd/ops/glu.ts';
import { linearCrossEntropy } from '../autograd/ops/linear-cross-entropy.ts';
import { loraLinear } from '../autograd/ops/lora-linear.ts';
import { rmsNorm } from '../autograd/ops/rms-norm.ts';
import { rope } from '../autograd/ops/rope.ts';
import { Weight } from '../autograd/weight.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { convert, empty, fromFloats, fromInts, scope, unscoped, type Tensor } from '../tensor/tensor.ts';
import { AdamW } from '../train/adamw.ts';

/** Tokens, and the width of everything: past one vector of every instruction set, and not a multiple of any. */
const [T, C, HEAD] = [19, 72, 36];

/** Calls `trying` with a name before each op. A wrong instruction ends the process; that is what it is for. */
export function tryKernels(trying: (kernel: string) => void): void {
  for (const dtype of ['f32', 'bf16'] as const) scope(() => tryType(dtype, (op) => trying(`${op} (${dtype})`)));
}

const matrix = (rows: number, columns: number): Tensor =>
  fromFloats(
    Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i) / 8),
    [rows, columns],
  );

function tryType(dtype: FloatDType, trying: (op: string) => void): void {
  const tape = new Tape({ recording: true });
  const trained = (name: string, rows: number): Parameter => unscoped(() => new Parameter(name, matrix(rows, C)));
  const [table, norm] = [trained('table', T), unscoped(() => new Parameter('norm', fromFloats(new Float32Array(C).fill(1))))];
  const low = unscoped(() => ({ a: new Parameter('a', matrix(8, C)), b: new Parameter('b', matrix(C, 8)), scale: 2, dropout: { p: 0.1, seed: 1, stream: 1 } }));
  const ids = fromInts(Int32Array.from({ length: T }, (_, t) => t));
  const offsets = fromInts(Int32Array.of(0, 7, T));
  trying('embedding');
  const x = embedding(tape, table, ids, { dtype });
  trying('rmsnorm');
  const h = rmsNorm(tape, x, norm, { epsilon: 1e-5, offset: 0 });
  trying('gemm, dropout');
  const q = loraLinear(tape, h, Weight.frozen(convert(matrix(C, C), dtype)), low);
  trying('rope');
  const frequencies = fromFloats(new Float32Array(HEAD / 2).fill(0.1));
  const turned = rope(tape, q, ids, { inverseFrequency: frequencies, headSize: HEAD, layout: 'half', scale: 1 });
  trying('attention');
  const shape = { heads: 2, keyHeads: 2, headSize: HEAD, scale: 0.2, window: 0, softcap: 0 };
  const o = attention(tape, { q: turned, k: turned, v: h, queryOffsets: offsets, keyOffsets: offsets }, shape);
  trying('glu');
  const y = glu(tape, o, h, 'silu');
  trying('cross entropy');
  const { root } = linearCrossEntropy(tape, y, Weight.frozen(matrix(T, C)), { labels: Int32Array.from({ length: T }, (_, t) => t), normaliser: T });
  trying('the backward passes');
  tape.backward(root);
  trying('adamw');
  const optimizer = new AdamW([low.a, low.b], { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 });
  optimizer.step({ step: 1, learningRate: 1e-3, gradScale: 1 });
  trying('elementwise');
  loadAddon().sumOfSquares(low.a.value.id);
  loadAddon().allFinite(low.a.value.id);
  const product = empty('f32', [8, C]);
  loadAddon().multiply(product.id, low.a.value.id, low.a.value.id);
  optimizer.dispose();
  [table, norm, low.a, low.b].forEach((parameter) => parameter.dispose());
}
