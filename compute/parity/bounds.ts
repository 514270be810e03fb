/**
 * How far the engine may be from PyTorch + PEFT on a fixture (the fixtures' README; noise between instruction sets in PyTorch itself is a
 * third of the fp32 bounds at the worst). bf16 keeps 8 bits of mantissa, so its bounds are wider by about 2^-8 over 2^-17.
 */
export interface ParityBounds {
  /** Absolute, relative to the largest logit where that is more than 10. */
  readonly logits: number;
  /** Of the first loss, absolute. */
  readonly loss: number;
  /** Norm of the difference over the norm, worst matrix. */
  readonly gradients: number;
  /** Of the losses of all steps, absolute. */
  readonly steps: number;
  /** Worst entry of the final adapter, absolute. */
  readonly adapter: number;
}

export const parityBounds = {
  fp32: { logits: 1e-4, loss: 1e-5, gradients: 1e-4, steps: 1e-5, adapter: 1e-4 },
  bf16: { logits: 0.15, loss: 0.02, gradients: 0.05, steps: 0.05, adapter: 0.004 },
} as const satisfies Record<'fp32' | 'bf16', ParityBounds>;
