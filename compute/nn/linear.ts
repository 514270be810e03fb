/** A projection, y = x Wᵀ + b, that may carry a low-rank adapter: y += s · drop(x) Aᵀ Bᵀ. */
import type { Parameter } from '../autograd/tape.ts';
import type { Variable } from '../autograd/tape.ts';
import { linear } from '../autograd/ops/linear.ts';
import { loraLinear, type LowRank } from '../autograd/ops/lora-linear.ts';
import type { Weight } from '../autograd/weight.ts';
import type { Pass } from './pass.ts';

export class Linear {
  /** Hugging Face's module path, e.g. `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  readonly weight: Weight;
  readonly bias: Variable | null;
  /** Set by `attachLora`; null for a plain projection. */
  adapter: (LowRank & { readonly index: number }) | null = null;

  constructor(name: string, weight: Weight, bias: Variable | null = null) {
    this.name = name;
    this.weight = weight;
    this.bias = bias;
  }

  /** x [T, K]; returns [T, N]. */
  forward(pass: Pass, x: Variable): Variable {
    const { weight, bias, adapter } = this;
    if (adapter === null) return linear(pass.tape, x, weight, bias);
    const { dropout } = pass;
    const stream = dropout === null ? 0 : dropout.microBatch * MODULES_LIMIT + adapter.index;
    return loraLinear(pass.tape, x, weight, { ...adapter, bias, dropout: dropout === null ? null : { p: dropout.p, seed: dropout.seed, stream } });
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
