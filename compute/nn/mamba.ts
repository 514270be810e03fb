/**
 * The Mamba-2 mixer (Dao & Gu 2024): z, xBC, dt = in_proj u; x, B, C = silu(conv xBC); y = scan(x, dt, B, C); out_proj(norm(y · silu(z))).
 * After Hugging Face's modeling_granitemoehybrid.py: the norm comes behind the gate, and the order of in_proj's parts is z, xBC, dt. Heads share B
 * and C in groups, and the norm is over each group.
 */
import { causalConv } from '../autograd/ops/causal-conv.ts';
import { glu } from '../autograd/ops/glu.ts';
import { stateSpace } from '../autograd/ops/state-space.ts';
import { Variable } from '../autograd/tape.ts';
import type { StateSpaceOptions } from '../tensor/addon.ts';
import { fromInts, rowsOf } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import type { FusedLinear } from './fused-linear.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';
import type { RmsNorm } from './rms-norm.ts';

export interface MambaModules {
  readonly layer: number;
  /** Parts z [H·P], xBC [H·P + 2·groups·N] and dt [H]. */
  readonly inProjection: FusedLinear;
  /** weight [C, 1, K] over the channels of xBC. */
  readonly convolution: { readonly weight: Variable; readonly bias: Variable | null };
  /** [H] each. */
  readonly dtBias: Variable;
  readonly aLog: Variable;
  readonly d: Variable;
  readonly norm: RmsNorm;
  readonly outProjection: Linear;
}

export class Mamba implements Block {
  readonly modules: MambaModules;
  readonly shape: StateSpaceOptions;
  readonly isRecurrent = true;

  constructor(modules: MambaModules, shape: StateSpaceOptions) {
    this.modules = modules;
    this.shape = shape;
  }

  /** x [T, C]; returns [T, C]. */
  forward(pass: Pass, x: Variable): Variable {
    const { inProjection, norm, outProjection, dtBias, aLog, d, layer } = this.modules;
    const { heads, stateSize, headSize } = this.shape;
    const [z, projected, dt] = inProjection.forwardParts(pass, x) as [Variable, Variable, Variable];
    const xbc = this.#convolved(pass, projected);
    // Generation has one segment, which goes on from the state of the tokens before.
    const states = pass.cache?.states(layer, [1, heads, stateSize, headSize]) ?? null;
    const y = stateSpace(pass.tape, { xbc, dt, dtBias, aLog, d }, { ...this.shape, segments: pass.segments, states }); // [T, H·P]
    return outProjection.forward(pass, norm.forward(pass, glu(pass.tape, z, y, 'silu')));
  }

  #convolved(pass: Pass, x: Variable): Variable {
    const { convolution, layer } = this.modules;
    const width = (convolution.weight.value.shape[2] ?? 1) - 1;
    if (pass.cache === null || width === 0) return causalConv(pass.tape, { x, ...convolution }, pass.segments);
    const joined = new Variable(pass.cache.window(layer, x.value, width), false); // [K - 1 + T, C]
    const rows = joined.value.rows;
    const all = causalConv(pass.tape, { x: joined, ...convolution }, fromInts(Int32Array.of(0, rows)));
    return new Variable(rowsOf(all.value, width, rows), false);
  }

  get linears(): readonly Linear[] {
    return [this.modules.inProjection, this.modules.outProjection];
  }

  get vectors(): readonly Variable[] {
    const { convolution, dtBias, aLog, d, norm } = this.modules;
    return [convolution.weight, ...(convolution.bias === null ? [] : [convolution.bias]), dtBias, aLog, d, norm.weight];
  }
}
