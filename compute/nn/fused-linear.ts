/** Several projections of one input in one module, (y_1, y_2 …) = split(x Wᵀ): one matrix and one adapter, results of their own. */
import type { Variable } from '../autograd/tape.ts';
import { splitLinear } from '../autograd/ops/split-linear.ts';
import type { StackedWeight } from '../autograd/stacked-weight.ts';
import type { QueryKeyValue } from './attention.ts';
import type { GateUp } from './gated-mlp.ts';
import { Linear } from './linear.ts';
import type { Pass } from './pass.ts';

/** A part: how many rows of the matrix it has, and its name where it is a module of its own elsewhere (q_proj …). */
export interface FusedPart {
  readonly name?: string;
  readonly outputs: number;
}

export class FusedLinear extends Linear {
  declare readonly weight: StackedWeight;

  constructor(name: string, weight: StackedWeight, parts: readonly FusedPart[]) {
    super(name, weight, { standsFor: parts.flatMap((part) => part.name ?? []) });
  }

  /** x [T, K]; returns [T, N] of each part, in their order. */
  forwardParts(pass: Pass, x: Variable): Variable[] {
    const { adapter } = this;
    return splitLinear(pass.tape, x, this.weight, adapter === null ? null : { ...adapter, dropout: this.dropoutIn(pass) });
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
