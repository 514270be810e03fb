/** Int8 products at the shapes of SmolLM2-135M: forward, input gradient and logits, with kept panels and without. */
import { dtypes, type DType } from '../../../compute/tensor/dtype.ts';
import type { BenchCase } from '../bench-case.ts';

interface Shape {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Stored [N, K]: y = x · Wᵀ. */
  readonly transposeB: boolean;
  readonly b: DType;
  readonly packed: boolean;
}

const shapes: readonly Shape[] = [true, false].flatMap((packed) => [
  { name: 'forward', m: 2048, n: 1536, k: 576, transposeB: true, b: 'q4_1' as const, packed },
  { name: 'input gradient', m: 2048, n: 576, k: 1536, transposeB: false, b: 'q4_1' as const, packed },
  { name: 'keys', m: 2048, n: 192, k: 576, transposeB: true, b: 'q4_1' as const, packed },
  { name: 'logits of 160 tokens', m: 160, n: 49_152, k: 576, transposeB: true, b: 'q8_0' as const, packed },
  { name: 'gradient of 160 hidden states', m: 160, n: 576, k: 49_152, transposeB: false, b: 'q8_0' as const, packed },
]);

export const cases: readonly BenchCase[] = shapes.map(({ name, m, n, k, transposeB, b, packed }) => ({
  op: 'gemm_int8',
  name: `${name} ${m}×${n}×${k}, ${packed ? 'packed' : b}`,
  setup: (addon) => {
    // Zeros take as long as other numbers.
    const [a, stored, c] = [
      addon.allocate(dtypes.f32.id, [m, k], 'bench'),
      addon.allocate(dtypes[b].id, transposeB ? [n, k] : [k, n], 'bench'),
      addon.allocate(dtypes.f32.id, [m, n], 'bench'),
    ];
    const weights = packed ? addon.gemmInt8Pack(stored, { transposeB, tag: 'bench' }) : stored;
    return {
      run: () => addon.gemmInt8(c, a, weights, { transposeB }),
      flops: 2 * m * n * k,
      bytes: 4 * (m * k + m * n) + n * k,
      dispose: () => [a, stored, c, ...(packed ? [weights] : [])].forEach((id) => addon.release(id)),
    };
  },
}));
