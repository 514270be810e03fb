/** The keys of config.json that every supported family has; all others pass through unread. */
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { modelsWithText } from './text-part.ts';

const count = z.int().positive();
/** Far above any model; lists of one entry a layer are built from it. */
const maxLayers = 10_000;

const schema = z.looseObject({
  model_type: z.string().min(1),
  hidden_size: count,
  num_hidden_layers: count.max(maxLayers),
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  vocab_size: count,
  max_position_embeddings: count.optional(),
  intermediate_size: count.optional(),
  rms_norm_eps: z.number().positive().optional(),
  tie_word_embeddings: z.boolean().optional(),
  layer_types: z.array(z.string()).nullish(),
  sliding_window: z.number().nullish(),
  sliding_window_pattern: count.nullish(),
  rope_theta: z.number().positive().nullish(),
  rope_local_base_freq: z.number().positive().nullish(),
  rope_scaling: z.record(z.string(), z.unknown()).nullish(),
  rope_parameters: z.record(z.string(), z.unknown()).nullish(),
  partial_rotary_factor: z.number().positive().nullish(),
  original_max_position_embeddings: count.nullish(),
});

export type HuggingFaceConfig = z.infer<typeof schema>;

export const HuggingFaceConfig = {
  /** The config as it is, or MODEL_INVALID naming the key. */
  check(raw: unknown, path: string): HuggingFaceConfig {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return parsed.data;
    if (typeof raw === 'object' && raw !== null && 'text_config' in raw) {
      const problem = `it takes more than text, and of such models only the language model's GGUF file is read, or folders of ${modelsWithText}`;
      throw new AppError('MODEL_INVALID', { path, problem });
    }
    const issue = parsed.error.issues[0];
    throw new AppError('MODEL_INVALID', { path, problem: `key ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'invalid'}` });
  },
};
