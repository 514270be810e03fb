/**
 * The selective state-space scan of Mamba-2 (Dao & Gu 2024): head by head S[t] = exp(a[t]) · S[t - 1] + B[t] ⊗ (Δ[t] · x[t]) and
 * y[t] = S[t]ᵀ C[t] + D · x[t], with Δ = clamp(softplus(dt + bias)) and a = -exp(A_log) · Δ. States start anew with each packed row; only
 * those before each chunk of tokens are kept for the backward pass, so memory grows with the tokens.
 */
import { noTensor, type StateSpaceOptions } from '../../tensor/addon.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

export interface StateSpaceInputs {
  /** [T, H·P + 2·groups·N]: x, B and C side by side. */
  readonly xbc: Variable;
  /** [T, H] */
  readonly dt: Variable;
  /** f32 [H], as the two below. */
  readonly dtBias: Variable;
  readonly aLog: Variable;
  readonly d: Variable;
}

/** States [S, H, N, P] f32 before the first and behind the last token of each segment; while generating only. */
export interface StateSpaceStates {
  readonly initial: Tensor | null;
  readonly final: Tensor;
}

/** Tokens of a chunk; the addon refuses another number. */
const CHUNK = 128;

/** segments i32 [S + 1]; returns [T, H·P]. */
export function stateSpace(
  tape: Tape,
  { xbc, dt, dtBias, aLog, d }: StateSpaceInputs,
  { segments, states, ...options }: StateSpaceOptions & { readonly segments: Tensor; readonly states: StateSpaceStates | null },
): Variable {
  const addon = loadAddon();
  const { heads, headSize, stateSize } = options;
  const tokens = xbc.value.rows;
  const weights = [dtBias, aLog, d];
  const inputs = [xbc, dt, ...weights];
  const y = empty(xbc.value.dtype, [tokens, heads * headSize]);
  const kept = tape.isRecording && inputs.some((input) => input.requiresGrad);
  const chunks = kept ? empty('f32', [Math.floor(tokens / CHUNK) + segments.columns - 1, heads, stateSize, headSize]) : null;
  const shared = { ...options, dtBias: dtBias.value.id, aLog: aLog.value.id, d: d.value.id, segments: segments.id, states: chunks?.id ?? noTensor };
  addon.stateSpaceForward(y.id, xbc.value.id, dt.value.id, { ...shared, initial: states?.initial?.id ?? noTensor, final: states?.final.id ?? noTensor });
  return tape.record(y, {
    inputs,
    saved: [...inputs.map(({ value }) => value), segments, ...(chunks === null ? [] : [chunks])],
    backward: (dy) => {
      const [dxbc, ddt] = [empty(xbc.value.dtype, xbc.value.shape), empty(dt.value.dtype, dt.value.shape)];
      // Trained weights are Parameters, so their gradients are there and are added to.
      const [dDtBias, dALog, dD] = [dtBias.grad?.id ?? noTensor, aLog.grad?.id ?? noTensor, d.grad?.id ?? noTensor];
      addon.stateSpaceBackward(dxbc.id, ddt.id, dy.id, xbc.value.id, { ...shared, dt: dt.value.id, dDtBias, dALog, dD });
      xbc.adopt(dxbc);
      dt.adopt(ddt);
    },
  });
}

export interface StateSpaceWeights {
  readonly dtBias: readonly number[];
  readonly aLog: readonly number[];
  readonly d: readonly number[];
}

/** One segment from a zero state, one token after the other: xbc and dt by rows. */
export function stateSpaceReference(
  xbc: readonly (readonly number[])[],
  dt: readonly (readonly number[])[],
  { dtBias, aLog, d, ...options }: StateSpaceWeights & StateSpaceOptions,
): number[][] {
  const { heads, headSize, groups, stateSize, leastDelta, mostDelta } = options;
  const states = Array.from({ length: heads * headSize }, () => new Array<number>(stateSize).fill(0));
  return xbc.map((row, t) =>
    states.map((state, channel) => {
      const head = Math.floor(channel / headSize);
      const b = heads * headSize + Math.floor((head * groups) / heads) * stateSize;
      const u = (dt[t]?.[head] ?? NaN) + (dtBias[head] ?? NaN);
      const delta = Math.min(mostDelta, Math.max(leastDelta, Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)))));
      const decay = Math.exp(-Math.exp(aLog[head] ?? NaN) * delta);
      const x = row[channel] ?? NaN;
      let y = (d[head] ?? NaN) * x;
      state.forEach((value, n) => {
        state[n] = decay * value + delta * x * (row[b + n] ?? NaN);
        y += (state[n] ?? NaN) * (row[b + groups * stateSize + n] ?? NaN);
      });
      return y;
    }),
  );
}
