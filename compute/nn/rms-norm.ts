/** y = x / rms(x) · (w + offset), over rows or, where w is as long as a head, over each head. */
import type { Variable } from '../autograd/tape.ts';
import { rmsNorm } from '../autograd/ops/rms-norm.ts';
import type { Pass } from './pass.ts';

export class RmsNorm {
  readonly name: string;
  readonly weight: Variable;
  readonly epsilon: number;
  readonly offset: number;

  constructor(name: string, weight: Variable, { epsilon, offset = 0 }: { readonly epsilon: number; readonly offset?: number }) {
    this.name = name;
    this.weight = weight;
    this.epsilon = epsilon;
    this.offset = offset;
  }

  /** x [T, C]; returns [T, C] in the pass's activation type. */
  forward(pass: Pass, x: Variable): Variable {
    return rmsNorm(pass.tape, x, this.weight, { epsilon: this.epsilon, offset: this.offset, dtype: pass.dtype });
  }
}
