/** The keys of config.json that every decoder has, and how a family reads its own beside them. */
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { ModelSource } from '../formats/model-source.ts';

/** In the one form of `formats/huggingface/normalise-config.ts`; a family extends it by what is its own. */
export const DecoderConfig = z.object({
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive(),
  head_dim: z.int().positive(),
  max_position_embeddings: z.int().positive(),
  rms_norm_eps: z.number().positive(),
  tie_word_embeddings: z.boolean(),
  sliding_window: z.int().positive().nullish(),
  layer_types: z.array(z.string()).nullish(),
});
export type DecoderConfig = z.infer<typeof DecoderConfig>;

/** Tokens that a layer's queries see, their own among them; 0: all. Without layer types the window is every layer's. */
export function windowOf({ sliding_window: window, layer_types: types }: Pick<DecoderConfig, 'sliding_window' | 'layer_types'>, layer: number): number {
  const slides = types == null || types[layer] === 'sliding_attention';
  return slides ? (window ?? 0) : 0;
}

/** Throws MODEL_INVALID, naming the key that is missing, wrong, or of a value that the family does not compute. */
export function parseConfig<Schema extends z.ZodType>(schema: Schema, { config, path }: ModelSource): z.infer<Schema> {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('MODEL_INVALID', { path, problem: `config key ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` }, { cause: parsed.error });
}
