/** The gated feed-forward block: down(act(gate x) · up x). */
import type { Variable } from '../autograd/tape.ts';
import { glu } from '../autograd/ops/glu.ts';
import type { GluActivation } from '../tensor/addon.ts';
import type { Block } from './block.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';

/** Makes gate and up [T, I] of x [T, C]: with a projection each, or with a fused one. */
export interface GateUp {
  forward(pass: Pass, x: Variable): { readonly gate: Variable; readonly up: Variable };
  readonly linears: readonly Linear[];
}

export class GatedMlp implements Block {
  readonly vectors: readonly Variable[] = [];
  readonly gateUp: GateUp;
  readonly down: Linear;
  readonly activation: GluActivation;

  constructor({ gateUp, down }: { gateUp: GateUp; down: Linear }, activation: GluActivation) {
    this.gateUp = gateUp;
    this.down = down;
    this.activation = activation;
  }

  /** x [T, C]; returns [T, C]. */
  forward(pass: Pass, x: Variable): Variable {
    const { gate, up } = this.gateUp.forward(pass, x);
    return this.down.forward(pass, glu(pass.tape, gate, up, this.activation));
  }

  get linears(): readonly Linear[] {
    return [...this.gateUp.linears, this.down];
  }
}

/** A projection each. */
export class SeparateGateUp implements GateUp {
  readonly linears: readonly [gate: Linear, up: Linear];

  constructor(gate: Linear, up: Linear) {
    this.linears = [gate, up];
  }

  forward(pass: Pass, x: Variable): { readonly gate: Variable; readonly up: Variable } {
    const [gate, up] = this.linears;
    return { gate: gate.forward(pass, x), up: up.forward(pass, x) };
  }
}
