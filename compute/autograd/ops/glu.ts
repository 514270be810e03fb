/** y = act(gate) · up: SwiGLU with silu, GeGLU with gelu (Shazeer 2020). */
import type { GluActivation } from '../../tensor/addon.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

/** gate, up [R, C]; returns [R, C]. */
export function glu(tape: Tape, gate: Variable, up: Variable, activation: GluActivation): Variable {
  const y = empty(gate.value.dtype, gate.value.shape);
  loadAddon().gluForward(y.id, gate.value.id, up.value.id, { activation });
  return tape.record(y, {
    inputs: [gate, up],
    saved: [gate.value, up.value],
    backward: (dy) => {
      const [dgate, dup] = [empty(gate.value.dtype, gate.value.shape), empty(up.value.dtype, up.value.shape)];
      loadAddon().gluBackward(dgate.id, dup.id, dy.id, gate.value.id, { up: up.value.id, activation });
      gate.adopt(dgate);
      up.adopt(dup);
    },
  });
}

const activationReference = {
  silu: (x: number): number => x / (1 + Math.exp(-x)),
  gelu_tanh: (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  gelu: (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2)),
} as const satisfies Record<GluActivation, (x: number) => number>;

/** The error function's Taylor series; enough for |x| < 4, where tests look. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export const gluReference = (gate: readonly number[], up: readonly number[], activation: GluActivation): number[] =>
  gate.map((value, i) => activationReference[activation](value) * (up[i] ?? NaN));
