/** The `training` block: what is optimised, for how long, and what is kept on the way. `null` means "off" or "not limited". */
import { z } from 'zod';

/**
 * What products are computed in. `int8` is for CPUs with VNNI or ARM's dot product and for adapters: the frozen weights are multiplied in 8-bit whole
 * numbers while training; all else, evaluation and generation too, is as in fp32.
 */
export const Precision = z.enum(['auto', 'fp32', 'bf16', 'int8']);
export type Precision = z.infer<typeof Precision>;

/** Of work that trains nothing: there is no int8. */
export const InferencePrecision = Precision.exclude(['int8']);
export const inferencePrecision = (precision: Precision): z.infer<typeof InferencePrecision> => (precision === 'int8' ? 'fp32' : precision);

const steps = z.int().min(1).max(1_000_000_000);

export const TrainingSettings = z.strictObject({
  /** `lora` trains an adapter, `full` every weight (small models). */
  mode: z.enum(['lora', 'full']),
  learning_rate: z.number().positive().max(10),
  /** Rows of a micro-batch as the user counts them; an optimizer step sees batch_size × gradient_accumulation rows. */
  batch_size: z.int().min(1).max(4096),
  gradient_accumulation: z.int().min(1).max(4096),
  max_epochs: z.int().min(1).max(100_000),
  /** Ends the run after so many optimizer steps, whatever max_epochs says. */
  max_steps: steps.nullable(),
  warmup_steps: z.int().min(0).max(1_000_000_000),
  /** What follows the warm-up: down to 0 in a line, as a half cosine, or level. */
  schedule: z.enum(['linear', 'cosine', 'constant']),
  weight_decay: z.number().min(0).max(1),
  /** Norm that gradients are clipped to; 0: never. */
  max_grad_norm: z.number().min(0),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  epsilon: z.number().positive().max(1),
  seed: z.int().min(0),
  max_seq_length: z.int().min(8).max(1_048_576),
  /** Loss on the assistant's words only, or on every token. */
  train_on: z.enum(['assistant', 'all']),
  precision: Precision,
  /** Recompute activations in the backward pass: when memory asks for it, always, or never. */
  gradient_checkpointing: z.enum(['auto', 'on', 'off']),
  save_steps: steps,
  /** Newest checkpoints kept; the best is kept besides. */
  save_total_limit: z.int().min(1).max(1000),
  /** Steps between evaluations on the holdout; there is always one at the end. */
  eval_steps: steps,
  /** Stop after so many evaluations without a better loss. */
  early_stopping_patience: z.int().min(1).max(1000).nullable(),
  sample_prompts: z.array(z.string().min(1)).max(16),
  /** Steps between samples; null: at the end only. */
  sample_steps: steps.nullable(),
  sample_tokens: z.int().min(1).max(4096),
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;

export const trainingDefaults: TrainingSettings = {
  mode: 'lora',
  learning_rate: 2e-4,
  batch_size: 4,
  gradient_accumulation: 4,
  max_epochs: 3,
  max_steps: null,
  warmup_steps: 100,
  schedule: 'linear',
  weight_decay: 0.01,
  max_grad_norm: 1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  seed: 42,
  max_seq_length: 1024,
  train_on: 'assistant',
  precision: 'auto',
  gradient_checkpointing: 'auto',
  save_steps: 50,
  save_total_limit: 2,
  eval_steps: 50,
  early_stopping_patience: null,
  sample_prompts: [],
  sample_steps: null,
  sample_tokens: 64,
};
