/**
 * The llama family: Llama 2 and 3, SmolLM2, Mistral. RMS norm, rotary grouped-query attention, SwiGLU, tied or untied output.
 * After Touvron et al. 2023 and Hugging Face's modeling_llama.py / modeling_mistral.py, whose config keys it reads.
 */
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { Weight } from '../autograd/weight.ts';
import type { Variable } from '../autograd/tape.ts';
import { SelfAttention } from '../nn/attention.ts';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import { Embedding } from '../nn/embedding.ts';
import { GatedMlp } from '../nn/gated-mlp.ts';
import type { Linear } from '../nn/linear.ts';
import { detachLora } from '../nn/lora.ts';
import type { Pass } from '../nn/pass.ts';
import { RmsNorm } from '../nn/rms-norm.ts';
import { RopeParameters, Rotary } from '../nn/rotary.ts';
import { owned, type Tensor } from '../tensor/tensor.ts';
import type { CausalModel, ModelDimensions } from './causal-model.ts';
import type { WeightLoader } from './weight-loader.ts';

const LlamaConfig = z.object({
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive(),
  head_dim: z.int().positive(),
  max_position_embeddings: z.int().positive(),
  rms_norm_eps: z.number().positive(),
  rope_parameters: RopeParameters,
  tie_word_embeddings: z.boolean(),
  hidden_act: z.literal('silu'),
  attention_bias: z.literal(false).default(false),
  mlp_bias: z.literal(false).default(false),
  sliding_window: z.int().positive().nullish(),
});
type LlamaConfig = z.infer<typeof LlamaConfig>;

function parseConfig(weights: WeightLoader): LlamaConfig {
  const parsed = LlamaConfig.safeParse(weights.source.config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError(
    'MODEL_INVALID',
    { path: weights.source.path, problem: `config key ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` },
    { cause: parsed.error },
  );
}

export class Llama implements CausalModel {
  readonly weights: WeightLoader;
  readonly dimensions: ModelDimensions;
  readonly head: Weight;
  readonly logitSoftcap = 0;
  readonly #embedding: Embedding;
  readonly #layers: readonly DecoderLayer[];
  readonly #norm: RmsNorm;
  readonly #rotary: Rotary;

  constructor(weights: WeightLoader) {
    const config = parseConfig(weights);
    this.weights = weights;
    this.dimensions = dimensionsOf(config);
    const { vocab_size: vocabulary, hidden_size: hidden, head_dim: headSize } = config;
    const table = weights.variable('model.embed_tokens.weight', [vocabulary, hidden]);
    this.#embedding = new Embedding(table);
    this.#rotary = new Rotary({
      headSize,
      layout: weights.source.ropeLayout,
      parameters: config.rope_parameters,
      divisors: weights.floats('rope_freqs.weight'),
    });
    try {
      this.#layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => buildLayer(weights, config, { layer, rotary: this.#rotary }));
      this.#norm = new RmsNorm('model.norm', weights.vector('model.norm.weight', hidden), { epsilon: config.rms_norm_eps });
      this.head = new Weight(config.tie_word_embeddings ? table : weights.variable('lm_head.weight', [vocabulary, hidden]));
    } catch (error) {
      this.#rotary.dispose();
      throw error;
    }
  }

  get linears(): readonly Linear[] {
    return this.#layers.flatMap((layer) => layer.linears);
  }

  forward(pass: Pass, ids: Tensor, { recompute }: { readonly recompute: boolean }): Variable {
    let x = owned(() => this.#embedding.forward(pass, ids)); // [T, C]
    try {
      for (const layer of this.#layers) {
        const next = owned(() => layer.forward(pass, x, recompute));
        x.value.release(); // the tape holds it where the backward pass needs it
        x = next;
      }
      return this.#norm.forward(pass, x);
    } finally {
      x.value.release();
    }
  }

  dispose(): void {
    detachLora(this.linears);
    this.linears.forEach((linear) => linear.weight.dispose());
    this.head.dispose();
    this.#rotary.dispose();
    this.weights.dispose();
  }
}

const dimensionsOf = (config: LlamaConfig): ModelDimensions => ({
  vocabulary: config.vocab_size,
  hidden: config.hidden_size,
  layers: config.num_hidden_layers,
  heads: config.num_attention_heads,
  keyHeads: config.num_key_value_heads,
  headSize: config.head_dim,
  context: config.max_position_embeddings,
});

function buildLayer(weights: WeightLoader, config: LlamaConfig, { layer, rotary }: { readonly layer: number; readonly rotary: Rotary }): DecoderLayer {
  const name = `model.layers.${layer}`;
  const {
    hidden_size: hidden,
    intermediate_size: inner,
    num_attention_heads: heads,
    num_key_value_heads: keyHeads,
    head_dim: headSize,
    rms_norm_eps: epsilon,
  } = config;
  const norm = (part: string): RmsNorm => new RmsNorm(`${name}.${part}`, weights.vector(`${name}.${part}.weight`, hidden), { epsilon });
  const projection = (part: string, outputs: number, inputs: number): Linear => weights.linear(`${name}.${part}`, [outputs, inputs]);
  return new DecoderLayer({
    inputNorm: norm('input_layernorm'),
    attention: new SelfAttention(
      {
        layer,
        q: projection('self_attn.q_proj', heads * headSize, hidden),
        k: projection('self_attn.k_proj', keyHeads * headSize, hidden),
        v: projection('self_attn.v_proj', keyHeads * headSize, hidden),
        o: projection('self_attn.o_proj', hidden, heads * headSize),
        rotary,
      },
      { heads, keyHeads, headSize, scale: headSize ** -0.5, window: config.sliding_window ?? 0, softcap: 0 },
    ),
    mlpNorm: norm('post_attention_layernorm'),
    mlp: new GatedMlp(
      { gate: projection('mlp.gate_proj', inner, hidden), up: projection('mlp.up_proj', inner, hidden), down: projection('mlp.down_proj', hidden, inner) },
      'silu',
    ),
  });
}
