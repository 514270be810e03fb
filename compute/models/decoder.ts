/** What all families share: embedding, a stack of layers, the last norm, the output projection. A family says how a layer is made. */
import type { Variable } from '../autograd/tape.ts';
import { Weight } from '../autograd/weight.ts';
import type { DecoderLayer } from '../nn/decoder-layer.ts';
import { Embedding } from '../nn/embedding.ts';
import type { Linear } from '../nn/linear.ts';
import { detachLora } from '../nn/lora.ts';
import type { Pass } from '../nn/pass.ts';
import { RmsNorm } from '../nn/rms-norm.ts';
import { owned, type Tensor } from '../tensor/tensor.ts';
import type { CausalModel, ModelDimensions } from './causal-model.ts';
import type { DecoderConfig } from './decoder-config.ts';
import { LayerLoader } from './layer-loader.ts';
import type { WeightLoader } from './weight-loader.ts';

export interface DecoderOptions {
  readonly layer: (modules: LayerLoader) => DecoderLayer;
  readonly embeddingScale?: number;
  readonly logitScale?: number;
  readonly logitSoftcap?: number;
  /** Norms multiply by (w + offset). */
  readonly normOffset?: number;
}

export class Decoder implements CausalModel {
  readonly weights: WeightLoader;
  readonly dimensions: ModelDimensions;
  readonly head: Weight;
  readonly logitScale: number;
  readonly logitSoftcap: number;
  readonly #embedding: Embedding;
  readonly #layers: readonly DecoderLayer[];
  readonly #norm: RmsNorm;

  constructor(weights: WeightLoader, config: DecoderConfig, { layer, embeddingScale = 1, logitScale = 1, logitSoftcap = 0, normOffset = 0 }: DecoderOptions) {
    this.weights = weights;
    this.dimensions = dimensionsOf(config);
    this.logitScale = logitScale;
    this.logitSoftcap = logitSoftcap;
    const { vocab_size: vocabulary, hidden_size: hidden } = config;
    const table = weights.variable('model.embed_tokens.weight', [vocabulary, hidden]);
    this.#embedding = new Embedding(table, { scale: embeddingScale });
    this.#layers = Array.from({ length: config.num_hidden_layers }, (_, index) => layer(new LayerLoader(weights, config, { index, normOffset })));
    this.#norm = new RmsNorm('model.norm', weights.vector('model.norm.weight', hidden), { epsilon: config.rms_norm_eps, offset: normOffset });
    this.head = new Weight(config.tie_word_embeddings ? table : weights.variable('lm_head.weight', [vocabulary, hidden]));
  }

  get isRecurrent(): boolean {
    return this.#layers.some((layer) => layer.isRecurrent);
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
    this.head.dispose();
    this.weights.dispose();
  }
}

const dimensionsOf = (config: DecoderConfig): ModelDimensions => ({
  vocabulary: config.vocab_size,
  hidden: config.hidden_size,
  layers: config.num_hidden_layers,
  heads: config.num_attention_heads,
  keyHeads: config.num_key_value_heads,
  headSize: config.head_dim,
  context: config.max_position_embeddings,
});
