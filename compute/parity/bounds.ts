/**
 * How far the engine may be from PyTorch + PEFT on a fixture. fp32: the fixtures' README (three times the noise between instruction sets in
 * PyTorch itself). bf16: activations keep 8 bits, 2^-9 relative a rounding, some tens of which lie between the input and a logit or gradient;
 * AdamW turns the sign of a small gradient into a whole step, so single entries of the adapter say nothing and its movement is compared.
 */
export interface ParityBounds {
  /** Worst logit, absolute. */
  readonly logits: number;
  /** Of the first loss, absolute. */
  readonly loss: number;
  /** Norm of the difference over the norm, worst matrix. */
  readonly gradients: number;
  /** Of the losses of all steps, absolute. */
  readonly steps: number;
  /** Worst entry of the final adapter, absolute. */
  readonly adapter: number;
  /** What the steps moved the whole adapter by: norm of the difference over the norm. */
  readonly movement: number;
}

export const parityBounds = {
  fp32: { logits: 1e-4, loss: 1e-5, gradients: 1e-4, steps: 1e-5, adapter: 1e-4, movement: 0.01 },
  bf16: { logits: 0.5, loss: 0.02, gradients: 0.1, steps: 0.05, adapter: Infinity, movement: 0.3 },
} as const satisfies Record<'fp32' | 'bf16', ParityBounds>;
