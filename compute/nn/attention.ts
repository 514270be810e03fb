/** Self-attention with grouped heads: o_proj(attend(rope(q_proj x), rope(k_proj x), v_proj x)). */
import type { Variable as Value } from '../autograd/tape.ts';
import { Variable } from '../autograd/tape.ts';
import { attention } from '../autograd/ops/attention.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';
import type { Rotary } from './rotary.ts';

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

export interface AttentionModules {
  readonly layer: number;
  readonly q: Linear;
  readonly k: Linear;
  readonly v: Linear;
  readonly o: Linear;
  readonly rotary: Rotary;
}

export class SelfAttention {
  readonly modules: AttentionModules;
  readonly shape: AttentionShape;

  constructor(modules: AttentionModules, shape: AttentionShape) {
    this.modules = modules;
    this.shape = shape;
  }

  /** x [T, C]; returns [T, C]. */
  forward(pass: Pass, x: Value): Value {
    const { q: wq, k: wk, v: wv, o: wo, rotary, layer } = this.modules;
    const q = rotary.forward(pass, wq.forward(pass, x)); // [T, H·D]
    const k = rotary.forward(pass, wk.forward(pass, x)); // [T, G·D]
    const v = wv.forward(pass, x); // [T, G·D]
    const queryOffsets = pass.segments;
    if (pass.cache === null) return wo.forward(pass, attention(pass.tape, { q, k, v, queryOffsets, keyOffsets: queryOffsets }, this.shape));
    const all = pass.cache.extend(layer, k.value, v.value);
    const past = { k: new Variable(all.k, false), v: new Variable(all.v, false), keyOffsets: all.keyOffsets };
    return wo.forward(pass, attention(pass.tape, { q, ...past, queryOffsets }, this.shape));
  }

  get linears(): readonly Linear[] {
    const { q, k, v, o } = this.modules;
    return [q, k, v, o];
  }
}
