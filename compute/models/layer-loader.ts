/** Makes the modules of one layer from a model's weights, by their Hugging Face names. */
import { type PositionEmbedding, type QueryKeyValue, SelfAttention, SeparateQueryKeyValue } from '../nn/attention.ts';
import { FusedGateUp, type FusedLinear, type FusedPart, FusedQueryKeyValue } from '../nn/fused-linear.ts';
import { GatedMlp, SeparateGateUp } from '../nn/gated-mlp.ts';
import type { Linear } from '../nn/linear.ts';
import { Mamba } from '../nn/mamba.ts';
import { RmsNorm } from '../nn/rms-norm.ts';
import type { GluActivation, StateSpaceOptions } from '../tensor/addon.ts';
import type { Variable } from '../autograd/tape.ts';
import type { DecoderConfig } from './decoder-config.ts';
import type { LinearOptions, WeightLoader } from './weight-loader.ts';

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
  /** q, k and v are one module of this name; default: a projection each. */
  readonly fused?: string;
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

  /** `part` is the name within the layer; a norm of several groups divides each by its own rms. */
  norm(part: string, size = this.#config.hidden_size, groups = 1): RmsNorm {
    const name = this.#name(part);
    return new RmsNorm(name, this.#weights.vector(`${name}.weight`, size), { epsilon: this.#config.rms_norm_eps, offset: this.#normOffset, groups });
  }

  linear(part: string, shape: readonly [outputs: number, inputs: number], options: LinearOptions = {}): Linear {
    return this.#weights.linear(this.#name(part), shape, options);
  }

  /** Projections whose matrices lie below one another in one. */
  fusedLinear(part: string, parts: readonly FusedPart[], inputs: number): FusedLinear {
    return this.#weights.fusedLinear(this.#name(part), parts, inputs);
  }

  /** self_attn */
  attention({ rotary, window = 0, softcap = 0, bias, headNorms = false, scale, fused }: AttentionOptions): SelfAttention {
    const { hidden_size: hidden, num_attention_heads: heads, num_key_value_heads: keyHeads, head_dim: headSize } = this.#config;
    const norms = headNorms ? { qNorm: this.norm('self_attn.q_norm', headSize), kNorm: this.norm('self_attn.k_norm', headSize) } : {};
    return new SelfAttention(
      {
        layer: this.index,
        qkv: this.#queryKeyValue(fused, bias?.qkv ?? false),
        o: this.linear('self_attn.o_proj', [hidden, heads * headSize], { bias: bias?.o ?? false }),
        rotary,
        ...norms,
      },
      { heads, keyHeads, headSize, scale: scale ?? headSize ** -0.5, window, softcap },
    );
  }

  #queryKeyValue(fused: string | undefined, bias: boolean): QueryKeyValue {
    const { hidden_size: hidden, num_attention_heads: heads, num_key_value_heads: keyHeads, head_dim: headSize } = this.#config;
    const parts = [part('q_proj', heads * headSize), part('k_proj', keyHeads * headSize), part('v_proj', keyHeads * headSize)] as const;
    if (fused !== undefined) return new FusedQueryKeyValue(this.fusedLinear(`self_attn.${fused}`, parts, hidden));
    const separate = ({ name, outputs }: Required<FusedPart>): Linear => this.linear(`self_attn.${name}`, [outputs, hidden], { bias });
    return new SeparateQueryKeyValue(separate(parts[0]), separate(parts[1]), separate(parts[2]));
  }

  /** mlp, with a projection each for gate and up. */
  gatedMlp({ activation = 'silu', bias = false }: { readonly activation?: GluActivation; readonly bias?: boolean } = {}): GatedMlp {
    const { hidden_size: hidden, intermediate_size: inner } = this.#config;
    const wide = (name: string): Linear => this.linear(`mlp.${name}`, [inner, hidden], { bias });
    const gateUp = new SeparateGateUp(wide('gate_proj'), wide('up_proj'));
    return new GatedMlp({ gateUp, down: this.linear('mlp.down_proj', [hidden, inner], { bias }) }, activation);
  }

  /** An MLP whose gate and up are one module. */
  fusedMlp({ gateUp, down, inner = this.#config.intermediate_size, activation = 'silu' }: FusedMlpOptions): GatedMlp {
    const { hidden_size: hidden } = this.#config;
    const fused = this.fusedLinear(gateUp, [part('gate_proj', inner), part('up_proj', inner)], hidden);
    const standsFor = down.endsWith('.down_proj') ? [] : ['down_proj'];
    return new GatedMlp({ gateUp: new FusedGateUp(fused), down: this.linear(down, [hidden, inner], { standsFor }) }, activation);
  }

  /** A Mamba-2 mixer of this name within the layer. */
  mamba(name: string, { convolutionWidth, convolutionBias, ...shape }: MambaOptions): Mamba {
    const { hidden_size: hidden } = this.#config;
    const { heads, headSize, groups, stateSize } = shape;
    const [inner, mixed] = [heads * headSize, heads * headSize + 2 * groups * stateSize];
    const vector = (each: string, size = heads): Variable => this.#weights.vector(this.#name(`${name}.${each}`), size);
    return new Mamba(
      {
        layer: this.index,
        inProjection: this.fusedLinear(`${name}.in_proj`, [{ outputs: inner }, { outputs: mixed }, { outputs: heads }], hidden),
        convolution: {
          weight: this.#weights.taps(this.#name(`${name}.conv1d.weight`), [mixed, 1, convolutionWidth]),
          bias: convolutionBias ? vector('conv1d.bias', mixed) : null,
        },
        dtBias: vector('dt_bias'),
        aLog: vector('A_log'),
        d: vector('D'),
        norm: this.norm(`${name}.norm`, inner, groups),
        outProjection: this.linear(`${name}.out_proj`, [hidden, inner]),
      },
      shape,
    );
  }

  #name(part: string): string {
    return `model.layers.${this.index}.${part}`;
  }
}

export interface MambaOptions extends StateSpaceOptions {
  /** Taps of the short convolution. */
  readonly convolutionWidth: number;
  readonly convolutionBias: boolean;
}

export interface FusedMlpOptions {
  /** Names within the layer. */
  readonly gateUp: string;
  readonly down: string;
  /** Width of each half; default intermediate_size. */
  readonly inner?: number;
  readonly activation?: GluActivation;
}

const part = (name: string, outputs: number): Required<FusedPart> => ({ name, outputs });
