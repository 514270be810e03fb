/** Attention at the shapes that training and generation meet. flops count the scores that are seen, so masked work is waste. */
import type { Addon, AttentionOptions } from '../../../compute/tensor/addon.ts';
import { KernelLab, type LabTensor } from '../../support/kernel-lab.ts';
import type { BenchCase, BenchRun } from '../bench-case.ts';

interface Shape extends Pick<AttentionOptions, 'heads' | 'keyHeads' | 'headSize'> {
  readonly name: string;
  readonly dtype: 'f32' | 'bf16';
  readonly segments: number;
  /** Of each segment. */
  readonly queries: number;
  readonly keys: number;
  readonly window?: number;
}

const smollm = { heads: 9, keyHeads: 3, headSize: 64 };
const training: Shape[] = (['f32', 'bf16'] as const).flatMap((dtype) => [
  { ...smollm, name: 'SmolLM2, four rows of 512', dtype, segments: 4, queries: 512, keys: 512 },
  { ...smollm, name: 'SmolLM2, 16 packed rows of 128', dtype, segments: 16, queries: 128, keys: 128 },
  { ...smollm, name: 'SmolLM2, one row of 2048', dtype, segments: 1, queries: 2048, keys: 2048 },
  { heads: 4, keyHeads: 1, headSize: 256, name: 'Gemma 3 270M, window 512', dtype, segments: 1, queries: 1024, keys: 1024, window: 512 },
  { heads: 32, keyHeads: 8, headSize: 64, name: 'Llama 3.2 1B, one row of 512', dtype, segments: 1, queries: 512, keys: 512 },
]);
const generation: Shape[] = (['f32', 'bf16'] as const).map((dtype) => ({ ...smollm, name: 'SmolLM2, one token', dtype, segments: 1, queries: 1, keys: 2048 }));

interface Inputs {
  readonly lab: KernelLab;
  readonly q: LabTensor;
  readonly k: LabTensor;
  readonly forward: () => void;
  readonly backward: () => void;
  /** Pairs of a query and a key that it sees, over all heads. */
  readonly scores: number;
}

function inputs(addon: Addon, { heads, keyHeads, headSize, dtype, segments, queries, keys, window = 0 }: Shape): Inputs {
  const lab = new KernelLab();
  const [rows, keyRows] = [segments * queries, segments * keys];
  const [q, k, v, dout] = [1, 2, 3, 4].map((seed) =>
    lab.random(dtype, seed === 2 || seed === 3 ? [keyRows, keyHeads * headSize] : [rows, heads * headSize], seed),
  ) as [LabTensor, LabTensor, LabTensor, LabTensor];
  const [o, dq, dk, dv] = [lab.empty(dtype, q.shape), lab.empty(dtype, q.shape), lab.empty(dtype, k.shape), lab.empty(dtype, k.shape)];
  const lse = lab.empty('f32', [heads, rows]);
  const offsets = (step: number): LabTensor =>
    lab.tensor(
      'i32',
      [segments + 1],
      Int32Array.from({ length: segments + 1 }, (_, s) => s * step),
    );
  const options = {
    heads,
    keyHeads,
    headSize,
    scale: headSize ** -0.5,
    window,
    softcap: 0,
    v: v.id,
    queryOffsets: offsets(queries).id,
    keyOffsets: offsets(keys).id,
  };
  const seen = Array.from({ length: queries }, (_, i) => Math.min(keys - queries + i + 1, window === 0 ? Infinity : window)).reduce((sum, n) => sum + n, 0);
  return {
    lab,
    q,
    k,
    scores: segments * heads * seen,
    forward: () => addon.attentionForward(o.id, lse.id, q.id, k.id, options),
    backward: () => addon.attentionBackward(dq.id, dk.id, dv.id, dout.id, { ...options, q: q.id, k: k.id, o: o.id, lse: lse.id }),
  };
}

function attentionCase(op: 'attention_forward' | 'attention_backward', shape: Shape): BenchCase {
  return {
    op,
    name: `${shape.name}, ${shape.dtype}`,
    setup: (addon): BenchRun => {
      const { lab, q, k, scores, forward, backward } = inputs(addon, shape);
      const elements = [q, k].map(({ shape: [rows = 0, columns = 0] }) => rows * columns).reduce((sum, n) => sum + n, 0);
      const isForward = op === 'attention_forward';
      forward();
      return {
        run: isForward ? forward : backward,
        flops: (isForward ? 4 : 10) * shape.headSize * scores,
        bytes: (isForward ? 2 : 4) * elements * (shape.dtype === 'f32' ? 4 : 2),
        dispose: () => lab.release(),
      };
    },
  };
}

export const cases: BenchCase[] = [
  ...[...training, ...generation].map((shape) => attentionCase('attention_forward', shape)),
  ...training.map((shape) => attentionCase('attention_backward', shape)),
];
