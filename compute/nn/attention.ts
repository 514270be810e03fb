/** Self-attention with grouped heads: o_proj(attend(rope(norm(q_proj x)), rope(norm(k_proj x)), v_proj x)); norms and rope where the family has them. */
import type { Variable as Value } from '../autograd/tape.ts';
import { Variable } from '../autograd/tape.ts';
import { attention } from '../autograd/ops/attention.ts';
import type { Block } from './block.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';
import type { RmsNorm } from './rms-norm.ts';

export interface AttentionShape {
  readonly heads: number;
  readonly keyHeads: number;
  readonly headSize: number;
  readonly scale: number;
  /** 0: every earlier token is seen. */
  readonly window: number;
  /** 0: none. */
  readonly softcap: number;
}

/** Turns q or k [T, heads·D] by their positions; see rotary.ts. */
export interface PositionEmbedding {
  forward(pass: Pass, x: Value): Value;
}

/** Makes q [T, H·D], k and v [T, G·D] of x [T, C]: with a projection each, or with a fused one. */
export interface QueryKeyValue {
  forward(pass: Pass, x: Value): { readonly q: Value; readonly k: Value; readonly v: Value };
  readonly linears: readonly Linear[];
}

export interface AttentionModules {
  /** Counts the layers that keep keys and values while generating. */
  readonly layer: number;
  readonly qkv: QueryKeyValue;
  readonly o: Linear;
  /** Null: this layer does not know where tokens are. */
  readonly rotary: PositionEmbedding | null;
  /** Norms over each head, before rope. */
  readonly qNorm?: RmsNorm;
  readonly kNorm?: RmsNorm;
}

export class SelfAttention implements Block {
  readonly modules: AttentionModules;
  readonly shape: AttentionShape;

  constructor(modules: AttentionModules, shape: AttentionShape) {
    this.modules = modules;
    this.shape = shape;
  }

  /** x [T, C]; returns [T, C]. */
  forward(pass: Pass, x: Value): Value {
    const { qkv, o: wo, rotary, qNorm, kNorm, layer } = this.modules;
    const placed = (heads: Value, norm: RmsNorm | undefined): Value => {
      const normed = norm?.forward(pass, heads) ?? heads;
      return rotary?.forward(pass, normed) ?? normed;
    };
    const projected = qkv.forward(pass, x);
    const q = placed(projected.q, qNorm); // [T, H·D]
    const k = placed(projected.k, kNorm); // [T, G·D]
    const v = projected.v; // [T, G·D]
    const queryOffsets = pass.segments;
    if (pass.cache === null) return wo.forward(pass, attention(pass.tape, { q, k, v, queryOffsets, keyOffsets: queryOffsets }, this.shape));
    const all = pass.cache.extend(layer, k.value, v.value);
    const past = { k: new Variable(all.k, false), v: new Variable(all.v, false), keyOffsets: all.keyOffsets };
    return wo.forward(pass, attention(pass.tape, { q, ...past, queryOffsets }, this.shape));
  }

  get linears(): readonly Linear[] {
    return [...this.modules.qkv.linears, this.modules.o];
  }

  get vectors(): readonly Value[] {
    return [this.modules.qNorm, this.modules.kNorm].flatMap((norm) => (norm === undefined ? [] : [norm.weight]));
  }
}

/** A projection each. */
export class SeparateQueryKeyValue implements QueryKeyValue {
  readonly linears: readonly [q: Linear, k: Linear, v: Linear];

  constructor(q: Linear, k: Linear, v: Linear) {
    this.linears = [q, k, v];
  }

  forward(pass: Pass, x: Value): { readonly q: Value; readonly k: Value; readonly v: Value } {
    const [q, k, v] = this.linears;
    return { q: q.forward(pass, x), k: k.forward(pass, x), v: v.forward(pass, x) };
  }
}
