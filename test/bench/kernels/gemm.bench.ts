/** Matrix products at the shapes of SmolLM2-135M: forward, input and weight gradients, LoRA's skinny ones, logits, generation. */
import type { GemmOptions } from '../../../compute/tensor/addon.ts';
import { byteLength, dtypes, type DType } from '../../../compute/tensor/dtype.ts';
import type { BenchCase } from '../bench-case.ts';

interface Shape extends GemmOptions {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a?: DType;
  readonly b?: DType;
  readonly c?: DType;
  /** b is packed before the clock runs. */
  readonly packed?: boolean;
}

const forward = { m: 2048, n: 1536, k: 576, transposeB: true };
const inputGradient = { m: 2048, n: 576, k: 1536 };
const both: readonly Shape[] = [
  { name: 'forward', ...forward },
  { name: 'forward, packed weights', ...forward, packed: true },
  { name: 'forward, Q4_1 weights', ...forward, b: 'q4_1' },
  { name: 'forward, Q4_K weights', m: 2048, n: 2048, k: 1024, b: 'q4_k', transposeB: true },
  { name: 'input gradient, Q4_1 weights', ...inputGradient, b: 'q4_1' },
  { name: 'logits of 256 tokens, Q8_0 weights', m: 256, n: 49_152, k: 576, b: 'q8_0', transposeB: true },
  { name: 'gradient of 256 hidden states, Q8_0 weights', m: 256, n: 576, k: 49_152, b: 'q8_0' },
  { name: 'LoRA down, rank 16', m: 2048, n: 16, k: 576, transposeB: true },
  { name: 'LoRA up, rank 16', m: 2048, n: 576, k: 16, transposeB: true },
  { name: 'LoRA gradient of A, rank 16', m: 16, n: 576, k: 2048, transposeA: true },
  { name: 'LoRA gradient of B, rank 16', m: 576, n: 16, k: 2048, transposeA: true },
  { name: 'square', m: 2048, n: 2048, k: 2048 },
];
const generation: readonly Shape[] = [
  { name: 'one token, Q4_1 weights', m: 1, n: 1536, k: 576, b: 'q4_1', transposeB: true },
  { name: 'one token, Q4_K weights', m: 1, n: 16_384, k: 1024, b: 'q4_k', transposeB: true },
  { name: 'one token, Q6_K weights', m: 1, n: 16_384, k: 1024, b: 'q6_k', transposeB: true },
  { name: 'one token, logits from Q8_0', m: 1, n: 49_152, k: 576, b: 'q8_0', transposeB: true },
  { name: 'one token, F32 weights', m: 1, n: 16_384, k: 1024, transposeB: true },
  { name: 'four tokens, Q4_1 weights', m: 4, n: 1536, k: 576, b: 'q4_1', transposeB: true },
  { name: 'sixteen tokens, Q4_1 weights', m: 16, n: 1536, k: 576, b: 'q4_1', transposeB: true },
];

function caseOf(op: string, shape: Shape): BenchCase {
  const { name, m, n, k, a = 'f32', b = a, c = a, packed = false, ...options } = shape;
  return {
    op,
    name: `${name} ${m}×${n}×${k}`,
    setup: (addon) => {
      // Zeros are sound in every format, and products take as long with them.
      const matrix = (dtype: DType, rows: number, columns: number) => addon.allocate(dtypes[dtype].id, [rows, columns], 'bench');
      const left = options.transposeA ? matrix(a, k, m) : matrix(a, m, k);
      const right = options.transposeB ? matrix(b, n, k) : matrix(b, k, n);
      const out = matrix(c, m, n);
      const settings = { transposeB: options.transposeB ?? false, inputType: dtypes[a].id, tag: 'bench' };
      const panels = packed ? addon.gemmPack(right, settings) : right;
      return {
        run: () => addon.gemm(out, left, panels, options),
        flops: 2 * m * n * k,
        bytes: byteLength(a, [m, k]) + byteLength(b, [n * k]) + byteLength(c, [m, n]),
        dispose: () => [left, right, out, ...(packed ? [panels] : [])].forEach((id) => addon.release(id)),
      };
    },
  };
}

export const cases: readonly BenchCase[] = [
  ...both.map((shape) => caseOf('gemm_f32', shape)),
  ...both.map((shape) =>
    caseOf('gemm_bf16', { ...shape, a: 'bf16', ...(shape.name.includes('gradient of') && shape.name.includes('LoRA') ? { c: 'f32' } : {}) }),
  ),
  ...generation.map((shape) => caseOf('gemv', shape)),
];
