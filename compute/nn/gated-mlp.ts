/** The gated feed-forward block: down(act(gate x) · up x). */
import type { Variable } from '../autograd/tape.ts';
import { glu } from '../autograd/ops/glu.ts';
import type { GluActivation } from '../tensor/addon.ts';
import type { Block } from './block.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';

export class GatedMlp implements Block {
  readonly vectors: readonly Variable[] = [];
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;
  readonly activation: GluActivation;

  constructor({ gate, up, down }: { gate: Linear; up: Linear; down: Linear }, activation: GluActivation) {
    this.gate = gate;
    this.up = up;
    this.down = down;
    this.activation = activation;
  }

  /** x [T, C]; returns [T, C]. */
  forward(pass: Pass, x: Variable): Variable {
    return this.down.forward(pass, glu(pass.tape, this.gate.forward(pass, x), this.up.forward(pass, x), this.activation));
  }

  get linears(): readonly Linear[] {
    return [this.gate, this.up, this.down];
  }
}
