/** The `lora` block: size and place of the trained matrices. */
import { z } from 'zod';

/** Names of linear layers (`q_proj` …), or every linear layer but the output projection. */
export const TargetModules = z.union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)], {
  error: 'must be a list of layer names such as [q_proj, v_proj], or all-linear',
});
export type TargetModules = z.infer<typeof TargetModules>;

export const LoraConfig = z.strictObject({
  rank: z.int().min(1).max(1024),
  alpha: z.number().positive().max(65_536),
  dropout: z.number().min(0).lt(1),
  target_modules: TargetModules,
  /** Scale alpha / sqrt(rank) instead of alpha / rank. */
  use_rslora: z.boolean(),
  /** Train the length of each row of W + B·A apart from its direction (DoRA). */
  use_dora: z.boolean(),
  /** Learning rate of B over that of A (LoRA+); 1: the same. */
  loraplus_lr_ratio: z.number().positive().max(10_000),
  /** An adapter to go on from; rank, alpha, scaling and targets are then its own. null: a fresh one. */
  init_adapter: z.string().min(1).nullable(),
});
export type LoraConfig = z.infer<typeof LoraConfig>;

/** The block as the user writes it. `lora_plus_ratio` is a second name of `loraplus_lr_ratio`. */
export const LoraConfigInput = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || !('lora_plus_ratio' in value) || 'loraplus_lr_ratio' in value) return value;
  const { lora_plus_ratio: ratio, ...others } = value;
  return { ...others, loraplus_lr_ratio: ratio };
}, LoraConfig.partial());

export const loraDefaults: LoraConfig = {
  rank: 16,
  alpha: 32,
  dropout: 0.1,
  target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj'],
  use_rslora: false,
  use_dora: false,
  loraplus_lr_ratio: 1,
  init_adapter: null,
};
