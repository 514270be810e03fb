/** Gated units at the shape of a 2048-token batch of SmolLM2-135M. */
import type { GluActivation } from '../../../compute/tensor/addon.ts';
import type { BenchCase } from '../bench-case.ts';
import { memoryBound, type Shape } from './memory-bound.ts';

const activations: GluActivation[] = ['silu', 'gelu_tanh', 'gelu'];
const shapes: Shape[] = [
  { dtype: 'f32', rows: 2048, columns: 1536 },
  { dtype: 'bf16', rows: 2048, columns: 1536 },
];

export const cases: BenchCase[] = shapes.flatMap((shape) =>
  activations.flatMap((activation) => [
    memoryBound({
      op: 'glu',
      name: `${activation} forward`,
      shape,
      flops: 12,
      arrays: 3,
      prepare: (addon, make) => {
        const [y, gate, up] = [make(), make(), make()];
        return () => addon.gluForward(y, gate, up, { activation });
      },
    }),
    memoryBound({
      op: 'glu',
      name: `${activation} backward`,
      shape,
      flops: 20,
      arrays: 5,
      prepare: (addon, make) => {
        const [dgate, dup, dy, gate, up] = [make(), make(), make(), make(), make()];
        return () => addon.gluBackward(dgate, dup, dy, gate, { up, activation });
      },
    }),
  ]),
);
