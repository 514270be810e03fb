/** The pre-norm decoder layer: x + s · mixer(norm x), then + s · mlp(norm ·), each branch normed once more where the family does so. */
import { add } from '../autograd/ops/add.ts';
import type { Parameter, Tape, Variable } from '../autograd/tape.ts';
import { scope } from '../tensor/tensor.ts';
import { trainedIn, type Block } from './block.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';
import type { RmsNorm } from './rms-norm.ts';

export interface DecoderLayerParts {
  readonly inputNorm: RmsNorm;
  /** What mixes tokens: attention or a state-space model. */
  readonly mixer: Block;
  /** Norm of the mixer's output. */
  readonly mixerOutputNorm?: RmsNorm;
  readonly mlpNorm: RmsNorm;
  readonly mlp: Block;
  /** Norm of the MLP's output. */
  readonly mlpOutputNorm?: RmsNorm;
  /** s, the factor of both branches. */
  readonly residualScale?: number;
}

export class DecoderLayer {
  readonly #parts: DecoderLayerParts;

  constructor(parts: DecoderLayerParts) {
    this.#parts = parts;
  }

  /** x [T, C]; returns [T, C]. With `recompute` only x is kept for the backward pass, which computes the layer again. */
  forward(pass: Pass, x: Variable, recompute: boolean): Variable {
    const compute = (tape: Tape, input: Variable): Variable => scope(() => this.#branches({ ...pass, tape }, input));
    if (!recompute) return compute(pass.tape, x);
    return pass.tape.checkpoint(x, { parameters: this.parameters, read: [pass.positions, pass.segments] }, compute);
  }

  #branches(pass: Pass, x: Variable): Variable {
    const { inputNorm, mixer, mixerOutputNorm, mlpNorm, mlp, mlpOutputNorm, residualScale: scale = 1 } = this.#parts;
    const normed = (norm: RmsNorm | undefined, branch: Variable): Variable => norm?.forward(pass, branch) ?? branch;
    const middle = add(pass.tape, x, normed(mixerOutputNorm, mixer.forward(pass, inputNorm.forward(pass, x))), { scale });
    return add(pass.tape, middle, normed(mlpOutputNorm, mlp.forward(pass, mlpNorm.forward(pass, middle))), { scale });
  }

  get isRecurrent(): boolean {
    return this.#parts.mixer.isRecurrent ?? false;
  }

  get linears(): readonly Linear[] {
    return [...this.#parts.mixer.linears, ...this.#parts.mlp.linears];
  }

  /** Everything trained in this layer: adapters, or the weights themselves. */
  get parameters(): readonly Parameter[] {
    const { inputNorm, mixer, mixerOutputNorm, mlpNorm, mlp, mlpOutputNorm } = this.#parts;
    const norms = [inputNorm, mixerOutputNorm, mlpNorm, mlpOutputNorm].flatMap((norm) => (norm === undefined ? [] : [norm.weight]));
    return trainedIn({ linears: this.linears, vectors: [...norms, ...mixer.vectors, ...mlp.vectors] });
  }
}
