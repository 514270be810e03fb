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
});
export type LoraConfig = z.infer<typeof LoraConfig>;

export const loraDefaults: LoraConfig = { rank: 16, alpha: 32, dropout: 0.1, target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj'], use_rslora: false };
