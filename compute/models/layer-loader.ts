/** Makes the modules of one layer from a model's weights, by their Hugging Face names. */
import { type PositionEmbedding, SelfAttention, SeparateQueryKeyValue } from '../nn/attention.ts';
import { GatedMlp } from '../nn/gated-mlp.ts';
import type { Linear } from '../nn/linear.ts';
import { RmsNorm } from '../nn/rms-norm.ts';
import type { GluActivation } from '../tensor/addon.ts';
import type { DecoderConfig } from './decoder-config.ts';
import type { WeightLoader } from './weight-loader.ts';

export interface AttentionOptions {
  /** Null: this layer does not know where tokens are. */
  readonly rotary: PositionEmbedding | null;
  /** Tokens that a query sees, its own among them; 0: all. */
  readonly window?: number;
  /** Factor of q·k; default 1/sqrt(D). */
  readonly scale?: number;
  readonly softcap?: number;
  /** Which projections have a bias; default none. */
  readonly bias?: { readonly qkv: boolean; readonly o: boolean };
  /** q_norm and k_norm over each head. */
  readonly headNorms?: boolean;
}

export class LayerLoader {
  /** Counted from 0. */
  readonly index: number;
  readonly #weights: WeightLoader;
  readonly #config: DecoderConfig;
  readonly #normOffset: number;

  constructor(weights: WeightLoader, config: DecoderConfig, { index, normOffset }: { readonly index: number; readonly normOffset: number }) {
    this.#weights = weights;
    this.#config = config;
    this.index = index;
    this.#normOffset = normOffset;
  }

  /** `part` is the name within the layer. */
  norm(part: string, size = this.#config.hidden_size): RmsNorm {
    const name = this.#name(part);
    return new RmsNorm(name, this.#weights.vector(`${name}.weight`, size), { epsilon: this.#config.rms_norm_eps, offset: this.#normOffset });
  }

  linear(part: string, shape: readonly [outputs: number, inputs: number], bias = false): Linear {
    return this.#weights.linear(this.#name(part), shape, { bias });
  }

  /** self_attn, with a projection each for q, k and v. */
  attention({ rotary, window = 0, softcap = 0, bias, headNorms = false, scale }: AttentionOptions): SelfAttention {
    const { hidden_size: hidden, num_attention_heads: heads, num_key_value_heads: keyHeads, head_dim: headSize } = this.#config;
    const projection = (part: string, width: number): Linear => this.linear(`self_attn.${part}`, [width * headSize, hidden], bias?.qkv);
    const norms = headNorms ? { qNorm: this.norm('self_attn.q_norm', headSize), kNorm: this.norm('self_attn.k_norm', headSize) } : {};
    return new SelfAttention(
      {
        layer: this.index,
        qkv: new SeparateQueryKeyValue(projection('q_proj', heads), projection('k_proj', keyHeads), projection('v_proj', keyHeads)),
        o: this.linear('self_attn.o_proj', [hidden, heads * headSize], bias?.o),
        rotary,
        ...norms,
      },
      { heads, keyHeads, headSize, scale: scale ?? headSize ** -0.5, window, softcap },
    );
  }

  /** mlp, with a projection each for gate and up. */
  gatedMlp({ activation = 'silu', bias = false }: { readonly activation?: GluActivation; readonly bias?: boolean } = {}): GatedMlp {
    const { hidden_size: hidden, intermediate_size: inner } = this.#config;
    const wide = (part: string): Linear => this.linear(`mlp.${part}`, [inner, hidden], bias);
    return new GatedMlp({ gate: wide('gate_proj'), up: wide('up_proj'), down: this.linear('mlp.down_proj', [hidden, inner], bias) }, activation);
  }

  #name(part: string): string {
    return `model.layers.${this.index}.${part}`;
  }
}
