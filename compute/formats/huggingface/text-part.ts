/** The language model within a model that takes images too: its config and names, as if it were alone. What is beside it is not read. */

type Keys = Readonly<Record<string, unknown>>;

interface TextPart {
  /** model_type and class of the language model alone. */
  readonly alone: Keys;
  /** What its text_config may leave unsaid. */
  readonly silent: Keys;
}

/** By model_type of the whole. Hugging Face's configuration_gemma3.py says what is unsaid. */
const textParts: Readonly<Record<string, TextPart>> = {
  gemma3: {
    alone: { architectures: ['Gemma3ForCausalLM'], model_type: 'gemma3_text' },
    silent: {
      ...{ vocab_size: 262_208, hidden_size: 2304, intermediate_size: 9216, num_hidden_layers: 26, num_attention_heads: 8, num_key_value_heads: 4 },
      ...{ head_dim: 256, query_pre_attn_scalar: 256, max_position_embeddings: 131_072, rms_norm_eps: 1e-6, sliding_window: 4096 },
      ...{ rope_theta: 1_000_000, rope_local_base_freq: 10_000, tie_word_embeddings: true },
    },
  },
};

export const modelsWithText = Object.keys(textParts).join(', ');

const isObject = (value: unknown): value is Keys => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the whole says for its parts. */
const shared = ['dtype', 'torch_dtype', 'tie_word_embeddings', 'bos_token_id', 'eos_token_id', 'pad_token_id'];

/** The language model's config; null where the model is one alone, or is not known. */
export function textPartOf(raw: unknown): Keys | null {
  if (!isObject(raw)) return null;
  const { model_type: type, text_config: text } = raw;
  if (typeof type !== 'string' || !Object.hasOwn(textParts, type) || !isObject(text)) return null;
  const part = textParts[type];
  const said = Object.fromEntries(shared.flatMap((key) => (raw[key] == null ? [] : [[key, raw[key]]])));
  return { ...part?.silent, ...said, ...text, ...part?.alone };
}

/** Where releases of transformers have the language model: in files, in adapters, in the model itself. */
const places = /^(?:model\.language_model\.|language_model\.model\.)/;

/** What PEFT calls the language model within the whole. */
export const textPrefix = 'model.language_model.';

/** A module's name in the language model alone; itself if it has no other. */
export const nameInText = (name: string): string => name.replace(places, 'model.');

/** A weight's name in the language model alone; null for what is beside it. */
export function weightInText(name: string): string | null {
  if (/^(?:language_model\.)?lm_head\.weight$/.test(name)) return 'lm_head.weight';
  return places.test(name) ? nameInText(name) : null;
}
