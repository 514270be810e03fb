/** A projection, y = x Wᵀ + b, that may carry a low-rank adapter: y += s · drop(x) Aᵀ Bᵀ. */
import type { Parameter } from '../autograd/tape.ts';
import type { Variable } from '../autograd/tape.ts';
import { linear } from '../autograd/ops/linear.ts';
import { loraLinear, type Dropout, type LowRank } from '../autograd/ops/lora-linear.ts';
import type { Weight } from '../autograd/weight.ts';
import type { Pass } from './pass.ts';

export class Linear {
  /** Hugging Face's module path, e.g. `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  readonly weight: Weight;
  readonly bias: Variable | null;
  /** Names that recipes for other models give to what this module does: q_proj for a part of qkv_proj. */
  readonly standsFor: readonly string[];
  /** Set by `attachLora`; null for a plain projection. */
  adapter: (LowRank & { readonly index: number }) | null = null;

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
    return loraLinear(pass.tape, x, weight, { ...adapter, bias, dropout: this.dropoutIn(pass) });
  }

  /** The random numbers that this module's dropout draws in a pass. */
  protected dropoutIn({ dropout }: Pass): Dropout | null {
    if (dropout === null || this.adapter === null) return null;
    return { p: dropout.p, seed: dropout.seed, stream: dropout.microBatch * MODULES_LIMIT + this.adapter.index };
  }

  /** The adapter's parameters. */
  get parameters(): readonly Parameter[] {
    return this.adapter === null ? [] : [this.adapter.a, this.adapter.b];
  }

  /** The projection's own weights, frozen or trained. */
  get weights(): readonly Variable[] {
    return this.bias === null ? [this.weight.variable] : [this.weight.variable, this.bias];
  }
}

/** More adapted modules than any model has: keeps the dropout streams of two micro-batches apart. */
const MODULES_LIMIT = 65536;
