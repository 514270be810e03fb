/** A projection, y = x Wᵀ + b, that may carry a low-rank adapter: y += s · drop(x) Aᵀ Bᵀ, or the same with a trained magnitude (DoRA). */
import type { Parameter } from '../autograd/tape.ts';
import type { Variable } from '../autograd/tape.ts';
import { linear } from '../autograd/ops/linear.ts';
import { doraLinear } from '../autograd/ops/dora-linear.ts';
import { loraLinear, type Dropout, type LowRank } from '../autograd/ops/lora-linear.ts';
import type { Magnitude } from '../autograd/magnitude.ts';
import type { Weight } from '../autograd/weight.ts';
import type { Pass } from './pass.ts';

export interface Adapter extends LowRank {
  readonly index: number;
  /** null for plain LoRA. */
  readonly magnitude: Magnitude | null;
}

export class Linear {
  /** Hugging Face's module path, e.g. `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  readonly weight: Weight;
  readonly bias: Variable | null;
  /** Names that recipes for other models give to what this module does: q_proj for a part of qkv_proj. */
  readonly standsFor: readonly string[];
  /** Set by `attachLora`; null for a plain projection. */
  adapter: Adapter | null = null;

  constructor(name: string, weight: Weight, { bias = null, standsFor = [] }: { readonly bias?: Variable | null; readonly standsFor?: readonly string[] } = {}) {
    this.name = name;
    this.weight = weight;
    this.bias = bias;
    this.standsFor = standsFor;
  }

  /** x [T, K]; returns [T, N]. */
  forward(pass: Pass, x: Variable): Variable {
    const { weight, bias, adapter } = this;
    if (adapter === null) return linear(pass.tape, x, weight, bias);
    const { magnitude } = adapter;
    const parts = { ...adapter, bias, dropout: this.dropoutIn(pass) };
    if (magnitude === null) return loraLinear(pass.tape, x, weight, parts);
    return doraLinear(pass.tape, x, weight, { ...parts, ...magnitude.factors(), magnitude: magnitude.vector });
  }

  /** The random numbers that this module's dropout draws in a pass. */
  protected dropoutIn({ dropout }: Pass): Dropout | null {
    if (dropout === null || this.adapter === null) return null;
    return { p: dropout.p, seed: dropout.seed, stream: dropout.microBatch * MODULES_LIMIT + this.adapter.index };
  }

  /** The adapter's parameters. */
  get parameters(): readonly Parameter[] {
    if (this.adapter === null) return [];
    const { a, b, magnitude } = this.adapter;
    return magnitude === null ? [a, b] : [a, b, magnitude.vector];
  }

  /** The projection's own weights, frozen or trained. */
  get weights(): readonly Variable[] {
    return this.bias === null ? [this.weight.variable] : [this.weight.variable, this.bias];
  }
}

/** More adapted modules than any model has: keeps the dropout streams of two micro-batches apart. */
const MODULES_LIMIT = 65536;
