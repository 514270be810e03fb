/** Widening each stored type, in a working set that the caches do not hold. */
import { byteLength, dtypes, type DType } from '../../../compute/tensor/dtype.ts';
import type { BenchCase } from '../bench-case.ts';

const elements = 16 << 20;
const types: readonly DType[] = ['f32', 'f16', 'bf16', 'q8_0', 'q4_0', 'q4_1', 'q5_0', 'q5_1', 'q4_k', 'q5_k', 'q6_k'];

const caseOf = (from: DType, to: DType): BenchCase => ({
  op: 'dequantize',
  name: `${from} to ${to}, ${elements >> 20} Mi elements`,
  setup: (addon) => {
    const input = addon.allocate(dtypes[from].id, [elements], 'bench');
    const out = addon.allocate(dtypes[to].id, [elements], 'bench');
    return {
      run: () => addon.convert(out, input, { scale: 1 }),
      flops: 0,
      bytes: byteLength(from, [elements]) + byteLength(to, [elements]),
      dispose: () => [input, out].forEach((id) => addon.release(id)),
    };
  },
});

export const cases: readonly BenchCase[] = [...types.map((type) => caseOf(type, 'f32')), caseOf('f32', 'bf16'), caseOf('q4_1', 'bf16')];
