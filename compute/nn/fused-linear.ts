/** Several projections of one input in one module, (y_1, y_2 …) = split(x Wᵀ): one matrix and one adapter, results of their own. */
import type { Magnitude } from '../autograd/magnitude.ts';
import type { Variable } from '../autograd/tape.ts';
import { doraLinear } from '../autograd/ops/dora-linear.ts';
import type { Dropout } from '../autograd/ops/lora-linear.ts';
import { splitLinear } from '../autograd/ops/split-linear.ts';
import { RowsOfVariable, type StackedWeight } from '../autograd/stacked-weight.ts';
import { rowsOf } from '../tensor/tensor.ts';
import type { QueryKeyValue } from './attention.ts';
import type { GateUp } from './gated-mlp.ts';
import { Linear, type Adapter } from './linear.ts';
import type { Pass } from './pass.ts';

/** A part: how many rows of the matrix it has, and its name where it is a module of its own elsewhere (q_proj …). */
export interface FusedPart {
  readonly name?: string;
  readonly outputs: number;
}

interface Decomposing extends Adapter {
  readonly magnitude: Magnitude;
  readonly dropout: Dropout | null;
}

export class FusedLinear extends Linear {
  declare readonly weight: StackedWeight;

  constructor(name: string, weight: StackedWeight, parts: readonly FusedPart[]) {
    super(name, weight, { standsFor: parts.flatMap((part) => part.name ?? []) });
  }

  /** x [T, K]; returns [T, N] of each part, in their order. */
  forwardParts(pass: Pass, x: Variable): Variable[] {
    const { adapter } = this;
    const low = adapter === null ? null : { ...adapter, dropout: this.dropoutIn(pass) };
    return low === null || low.magnitude === null
      ? splitLinear(pass.tape, x, this.weight, low)
      : this.#decomposed(pass, x, { ...low, magnitude: low.magnitude });
  }

  /** With a magnitude each part is a projection of its own: what is computed of a row needs that row alone, and A is shared. */
  #decomposed({ tape }: Pass, x: Variable, { a, b, scale, dropout, magnitude }: Decomposing): Variable[] {
    const { factor, inverse } = magnitude.factors();
    let from = 0;
    return this.weight.parts.map((part) => {
      const [first, end] = [from, (from += part.outputs)];
      const rows = { b: new RowsOfVariable(b, first, end), magnitude: new RowsOfVariable(magnitude.vector, first, end) };
      return doraLinear(tape, x, part, { a, scale, dropout, bias: null, ...rows, factor: rowsOf(factor, first, end), inverse: rowsOf(inverse, first, end) });
    });
  }
}

/** q, k and v of one module. */
export class FusedQueryKeyValue implements QueryKeyValue {
  readonly linears: readonly [FusedLinear];

  constructor(qkv: FusedLinear) {
    this.linears = [qkv];
  }

  forward(pass: Pass, x: Variable): ReturnType<QueryKeyValue['forward']> {
    const [q, k, v] = this.linears[0].forwardParts(pass, x) as [Variable, Variable, Variable];
    return { q, k, v };
  }
}

/** gate and up of one module. */
export class FusedGateUp implements GateUp {
  readonly linears: readonly [FusedLinear];

  constructor(gateUp: FusedLinear) {
    this.linears = [gateUp];
  }

  forward(pass: Pass, x: Variable): ReturnType<GateUp['forward']> {
    const [gate, up] = this.linears[0].forwardParts(pass, x) as [Variable, Variable];
    return { gate, up };
  }
}
