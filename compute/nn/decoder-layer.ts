/** The pre-norm decoder layer: x + attention(norm x), then + mlp(norm ·). */
import { add } from '../autograd/ops/add.ts';
import type { Parameter, Tape, Variable } from '../autograd/tape.ts';
import { Parameter as TrainedParameter } from '../autograd/tape.ts';
import { scope } from '../tensor/tensor.ts';
import type { SelfAttention } from './attention.ts';
import type { GatedMlp } from './gated-mlp.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';
import type { RmsNorm } from './rms-norm.ts';

export class DecoderLayer {
  readonly inputNorm: RmsNorm;
  readonly attention: SelfAttention;
  readonly mlpNorm: RmsNorm;
  readonly mlp: GatedMlp;

  constructor({ inputNorm, attention, mlpNorm, mlp }: { inputNorm: RmsNorm; attention: SelfAttention; mlpNorm: RmsNorm; mlp: GatedMlp }) {
    this.inputNorm = inputNorm;
    this.attention = attention;
    this.mlpNorm = mlpNorm;
    this.mlp = mlp;
  }

  /** x [T, C]; returns [T, C]. With `recompute` only x is kept for the backward pass, which computes the layer again. */
  forward(pass: Pass, x: Variable, recompute: boolean): Variable {
    const compute = (tape: Tape, input: Variable): Variable =>
      scope(() => {
        const inner: Pass = { ...pass, tape };
        const middle = add(tape, input, this.attention.forward(inner, this.inputNorm.forward(inner, input)));
        return add(tape, middle, this.mlp.forward(inner, this.mlpNorm.forward(inner, middle)));
      });
    if (!recompute) return compute(pass.tape, x);
    return pass.tape.checkpoint(x, { parameters: this.parameters, read: [pass.positions, pass.segments] }, compute);
  }

  get linears(): readonly Linear[] {
    return [...this.attention.linears, ...this.mlp.linears];
  }

  /** Everything trained in this layer: adapters, or the weights themselves. */
  get parameters(): readonly Parameter[] {
    const weights = [this.inputNorm.weight, this.mlpNorm.weight, ...this.linears.map(({ weight }) => weight.variable)];
    return [...weights.filter((weight) => weight instanceof TrainedParameter), ...this.linears.flatMap((linear) => linear.parameters)];
  }
}
