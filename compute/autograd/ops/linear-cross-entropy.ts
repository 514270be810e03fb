/**
 * Sum over graded positions of -log softmax(s · x · Wᵀ)[label], divided by `normaliser`; fused with the output projection in slices
 * of rows, so that the logits matrix [T, V] never exists. The gradient of x is made in the same sweep, since the loss is a scalar.
 */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, fromInts, rowsOf, scope, toFloats, toInts, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';
import type { ProductOptions, Weight } from '../weight.ts';

/**
 * Rows of a slice of logits. Every slice reads the whole of W, so it must not be thin. With a fifth as many rows as W has columns its f32 logits
 * take two fifths of what W takes in bf16: the loss's memory grows with the model, and not beyond it.
 */
const SLICE_ROWS = { least: 128, most: 512 };
const sliceRowsOf = ({ inputs }: Weight): number => Math.max(SLICE_ROWS.least, Math.min(SLICE_ROWS.most, Math.floor(inputs / 5 / 16) * 16));

export interface CrossEntropyOptions {
  /** The next token at each position, negative where it is not graded; as long as x has rows. */
  readonly labels: Int32Array;
  /** What the sum is divided by: the graded tokens of the whole optimizer step. */
  readonly normaliser: number;
  readonly softcap?: number;
  /** s, the factor of the logits, before the soft cap. */
  readonly scale?: number;
}

export interface CrossEntropyResult {
  /** Sum of the losses, not divided. */
  readonly lossSum: number;
  /** Where the backward pass starts: the graded rows of x, their gradient made already. */
  readonly root: Variable;
  /** -log p(label) of each graded position, in order. */
  readonly losses: Float32Array;
  /** The most probable token at each graded position. */
  readonly best: Int32Array;
}

/** x [T, C], W [V, C]. `tape.backward(result.root)` goes on from here. */
export function linearCrossEntropy(
  tape: Tape,
  x: Variable,
  head: Weight,
  { labels, normaliser, softcap = 0, scale = 1 }: CrossEntropyOptions,
): CrossEntropyResult {
  const addon = loadAddon();
  const { products } = tape;
  const graded = Int32Array.from(labels.keys()).filter((row) => (labels[row] ?? -1) >= 0);
  const [losses, best] = [new Float32Array(graded.length), new Int32Array(graded.length)];
  const needsGrad = tape.isRecording && (x.requiresGrad || head.variable.requiresGrad);
  const rows = fromInts(graded);
  const gathered = empty(x.value.dtype, [graded.length, x.value.columns]);
  addon.gatherRows(gathered.id, x.value.id, rows.id);
  const dx = needsGrad ? empty(x.value.dtype, gathered.shape) : null;

  const sliceRows = sliceRowsOf(head);
  for (let from = 0; from < graded.length; from += sliceRows) {
    const to = Math.min(from + sliceRows, graded.length);
    scope(() => {
      const slice = rowsOf(gathered, from, to);
      const logits = empty('f32', [to - from, head.outputs]);
      head.multiply(logits, slice, { products, alpha: scale });
      const target = fromInts(graded.slice(from, to).map((row) => labels[row] ?? -1));
      const [loss, top] = [empty('f32', [to - from]), empty('i32', [to - from])];
      // In the activations' type, which the products take, as in the forward pass; f32 in place of the logits.
      const dlogits = dx?.dtype === 'bf16' ? empty('bf16', logits.shape) : logits;
      addon.crossEntropy(loss.id, logits.id, target.id, { gradScale: needsGrad ? 1 / normaliser : 0, softcap, best: top.id, gradient: dlogits.id });
      losses.set(toFloats(loss), from);
      best.set(toInts(top), from);
      if (dx !== null) sliceGradient(head, { x: slice, dlogits, dx: rowsOf(dx, from, to) }, { products, alpha: scale });
    });
  }
  const root = tape.record(gathered, {
    inputs: [x, head.variable],
    saved: [rows],
    // dy is the gradient of x's graded rows, made above; the other rows have none.
    backward: (dy) => {
      x.contributeWritten((target) => {
        addon.fill(target.id, 0);
        addon.scatterRows(target.id, dy.id, rows.id);
      });
    },
  });
  root.grad = dx?.retain() ?? null;
  return { lossSum: losses.reduce((sum, loss) => sum + loss, 0), root, losses, best };
}

/** dx = s · dlogits · W, and dW += s · dlogitsᵀ · x where W is trained. */
function sliceGradient(head: Weight, { x, dlogits, dx }: Readonly<Record<'x' | 'dlogits' | 'dx', Tensor>>, options: ProductOptions): void {
  const addon = loadAddon();
  head.multiplyBack(dx, dlogits, options);
  const { alpha = 1 } = options;
  head.variable.contribute((dw, accumulate) => addon.gemm(dw.id, dlogits.id, x.id, { transposeA: true, alpha, accumulate }));
}

export function crossEntropyReference(logits: readonly number[], label: number): number {
  const largest = Math.max(...logits);
  return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) - (logits[label] ?? NaN);
}
