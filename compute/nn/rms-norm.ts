/** y = x / rms(x) · (w + offset), over rows, over each head where w is as long as a head, or over equal parts of a row that have a w each. */
import { Variable } from '../autograd/tape.ts';
import { rmsNorm } from '../autograd/ops/rms-norm.ts';
import { scaleColumns } from '../autograd/ops/scale-columns.ts';
import { fromFloats } from '../tensor/tensor.ts';
import type { Pass } from './pass.ts';

export interface RmsNormSettings {
  readonly epsilon: number;
  readonly offset?: number;
  /** Equal parts of a row, each divided by its own rms; default: one. With several the offset is 0. */
  readonly groups?: number;
}

export class RmsNorm {
  readonly name: string;
  readonly weight: Variable;
  readonly epsilon: number;
  readonly offset: number;
  readonly groups: number;

  constructor(name: string, weight: Variable, { epsilon, offset = 0, groups = 1 }: RmsNormSettings) {
    this.name = name;
    this.weight = weight;
    this.epsilon = epsilon;
    this.offset = offset;
    this.groups = groups;
  }

  /** x [T, C]; returns [T, C] in the pass's activation type. */
  forward(pass: Pass, x: Variable): Variable {
    const { epsilon, offset, groups, weight } = this;
    if (groups === 1) return rmsNorm(pass.tape, x, weight, { epsilon, offset, dtype: pass.dtype });
    const ones = new Variable(fromFloats(new Float32Array(weight.value.columns / groups).fill(1)), false);
    return scaleColumns(pass.tape, rmsNorm(pass.tape, x, ones, { epsilon, offset: 0, dtype: pass.dtype }), weight);
  }
}
