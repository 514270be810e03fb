/** Rope at the shape of a 2048-token batch of SmolLM2-135M. */
import { KernelLab } from '../../support/kernel-lab.ts';
import type { BenchCase } from '../bench-case.ts';

const [tokens, heads, headSize] = [2048, 9, 64];

export const cases: BenchCase[] = (['f32', 'bf16'] as const).flatMap((dtype) =>
  [false, true].map((interleaved) => ({
    op: 'rope',
    name: `${interleaved ? 'interleaved' : 'half'} ${dtype} [${String(tokens)}, ${String(heads * headSize)}]`,
    setup: (addon) => {
      const lab = new KernelLab();
      const shape = [tokens, heads * headSize];
      const [x, y] = [lab.random(dtype, shape, 1), lab.empty(dtype, shape)];
      const positions = lab.tensor(
        'i32',
        [tokens],
        Int32Array.from({ length: tokens }, (_, t) => t),
      );
      const inverseFrequency = lab.tensor(
        'f32',
        [headSize / 2],
        Float32Array.from({ length: headSize / 2 }, (_, i) => 10000 ** ((-2 * i) / headSize)),
      ).id;
      return {
        run: () => addon.rope(y.id, x.id, positions.id, { inverseFrequency, headSize, interleaved, inverse: false, scale: 1 }),
        flops: 3 * tokens * heads * headSize,
        bytes: 2 * tokens * heads * headSize * (dtype === 'f32' ? 4 : 2),
        dispose: () => lab.release(),
      };
    },
  })),
);
