/** Cross-entropy over a slice of logits as the fused projection makes them: SmolLM2's vocabulary, and Gemma's soft cap. */
import { KernelLab } from '../../support/kernel-lab.ts';
import type { BenchCase } from '../bench-case.ts';

const [rows, columns] = [256, 49152];

export const cases: BenchCase[] = [
  { name: 'loss', gradScale: 0, softcap: 0 },
  { name: 'loss and gradient', gradScale: 1e-3, softcap: 0 },
  { name: 'loss and gradient, soft cap', gradScale: 1e-3, softcap: 30 },
].map(({ name, gradScale, softcap }) => ({
  op: 'cross_entropy',
  name: `${name} [${String(rows)}, ${String(columns)}]`,
  setup: (addon) => {
    const lab = new KernelLab();
    const logits = lab.random('f32', [rows, columns], 1);
    const labels = lab.tensor(
      'i32',
      [rows],
      Int32Array.from({ length: rows }, (_, row) => 7 * row),
    );
    const [loss, best] = [lab.empty('f32', [rows]), lab.empty('i32', [rows])];
    return {
      run: () => addon.crossEntropy(loss.id, logits.id, labels.id, { gradScale, softcap, best: best.id }),
      flops: 0,
      bytes: (gradScale === 0 ? 4 : 8) * rows * columns,
      dispose: () => lab.release(),
    };
  },
}));
