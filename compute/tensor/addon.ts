/**
 * The ledger of the native addon: every function that crosses into C++, typed and described once.
 * Review a change here like a change of a public API. Only compute/tensor and compute/autograd may import it.
 *
 * Tensors are opaque ids; 0 stands for "none" where an argument is optional. All are contiguous and row-major.
 * Shapes: T packed tokens, H query heads, G key/value heads, D head size, N outputs, K inputs, V vocabulary, S segments.
 * `float` means f32 or bf16; `any` also the stored types of frozen weights (compute/tensor/dtype.ts).
 * Every function checks types and shapes once and throws `KERNEL_MISUSE`; allocation throws `ARENA_FULL`.
 */
import type { Isa } from '../../shared/domain/isa.ts';

declare const tensorId: unique symbol;
export type TensorId = number & { readonly [tensorId]: true };
/** "None", where an argument is optional. */
export const noTensor = 0 as TensorId;

export interface KernelRow {
  readonly op: string;
  readonly name: string;
  readonly isa: Isa;
  /** A CPU feature (`features()`) that the row needs besides its instruction set; empty: none. */
  readonly needs: string;
  /** Bound against the reference row: |x - ref| <= tolerance * (|ref| + largest |ref| of the tensor). */
  readonly tolerance: number;
  readonly supported: boolean;
  readonly chosen: boolean;
}

export interface MemoryUse {
  readonly liveTensors: number;
  readonly arenaBytes: number;
  /** Highest end of the arena since resetPeaks: what it takes of the machine's memory. */
  readonly arenaPeakBytes: number;
  readonly mappedBytes: number;
  readonly tags: Readonly<Record<string, { readonly liveBytes: number; readonly peakBytes: number }>>;
}

export interface OpCounter {
  readonly calls: number;
  readonly flops: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface MappedFile {
  readonly bytes: number;
  tensor(byteOffset: number, dtype: number, shape: readonly number[]): TensorId;
  /** Gives the resident pages back; they come from disk again on the next touch. */
  dropPages(): void;
  close(): void;
}

/** op(A) · op(B): c = alpha · op(a) · op(b) (+ a2 · op(b2)), or c += … with accumulate. */
export interface GemmOptions {
  /** a is [K, M] instead of [M, K]. */
  readonly transposeA?: boolean;
  /** b is [N, K] instead of [K, N] (a weight as it is stored: y = x · Wᵀ). */
  readonly transposeB?: boolean;
  /** c is f32 [N, M] instead of [M, N]: for a small product whose other orientation would lay out the large operand. */
  readonly transposeC?: boolean;
  readonly alpha?: number;
  readonly accumulate?: boolean;
  /** A product of low rank added while the sums are in registers: a2 float [M, R]. */
  readonly a2?: TensorId;
  /** float [R, N], or [N, R] with transposeB2. */
  readonly b2?: TensorId;
  readonly transposeB2?: boolean;
}

export interface AttentionOptions {
  readonly heads: number;
  readonly keyHeads: number;
  readonly headSize: number;
  readonly scale: number;
  /** A query sees keys with key position > query position - window; 0: all. */
  readonly window: number;
  /** softcap · tanh(score / softcap); 0: none. */
  readonly softcap: number;
}

export interface StateSpaceOptions {
  readonly heads: number;
  /** P: channels of a head. */
  readonly headSize: number;
  /** Heads share B and C in this many groups. */
  readonly groups: number;
  /** N: values of a channel's state. */
  readonly stateSize: number;
  /** Bounds of the step size after softplus. */
  readonly leastDelta: number;
  readonly mostDelta: number;
}

/** What both passes of the scan read besides: f32 [H]; segments i32 [S + 1]; states f32 [T / 128 + S, H, N, P], before each chunk of 128 tokens. */
export interface StateSpaceTensors {
  readonly dtBias: TensorId;
  readonly aLog: TensorId;
  readonly d: TensorId;
  readonly segments: TensorId;
  readonly states: TensorId;
}

export type GluActivation = 'silu' | 'gelu_tanh' | 'gelu';

export interface Addon {
  // --- machine ---
  features(): readonly string[];
  bestIsa(): Isa;
  listKernels(): readonly KernelRow[];
  /** The row that a machine whose best instruction set is `isa` would choose. */
  bestKernel(op: string, isa: Isa): string;
  forceKernel(op: string, row: string): void;
  configure(settings: { isa?: Isa; threads?: number; arenaLimitBytes?: number; dryRun?: boolean }): void;
  /** From now on this process ends at once, in the middle of a kernel too, when the process that started it has gone. */
  endWithParent(pid: number): void;
  counters(): Readonly<Record<string, OpCounter>>;
  resetCounters(): void;

  // --- memory ---
  allocate(dtype: number, shape: readonly number[], tag: string): TensorId;
  view(parent: TensorId, byteOffset: number, dtype: number, shape: readonly number[]): TensorId;
  release(id: TensorId): void;
  write(target: TensorId, source: Float32Array | Int32Array | Uint16Array | Uint8Array, byteOffset: number): void;
  read(source: TensorId, target: Float32Array | Int32Array | Uint16Array | Uint8Array, byteOffset: number): void;
  memory(): MemoryUse;
  resetPeaks(): void;
  trim(): void;
  readonly MappedFile: new (path: string) => MappedFile;

  // --- matrix products ---
  /**
   * c [M, N] float, a float, b any or packed. Products are bf16 where a is bf16 and the row can, else fp32; sums are fp32.
   * Up to 16 rows of a on weights [N, K] that are not packed (generation) are always multiplied in fp32.
   */
  gemm(c: TensorId, a: TensorId, b: TensorId, options: GemmOptions): void;
  /** b re-laid once into the panels of the row that products with `inputType` activations use; for frozen weights. */
  gemmPack(b: TensorId, options: { transposeB: boolean; inputType: number; tag: string }): TensorId;
  gemmPackedBytes(b: TensorId, options: { transposeB: boolean; inputType: number }): number;

  /**
   * The same product in 8-bit whole numbers, for frozen weights: c f32 [M, N] (+)= alpha · a f32 [M, K] · op(b), b any or packed by gemmInt8Pack.
   * Rows of a and columns of op(b) are rounded to 255 steps of their largest value in every 64 of K. All rows of its table give the same bits.
   */
  gemmInt8(c: TensorId, a: TensorId, b: TensorId, options: Omit<GemmOptions, 'transposeA'>): void;
  /** b rounded and re-laid once: about 1.13 bytes a weight. */
  gemmInt8Pack(b: TensorId, options: { transposeB: boolean; tag: string }): TensorId;
  gemmInt8PackedBytes(b: TensorId, options: { transposeB: boolean }): number;

  // --- one kernel an op; each backward takes what its forward saved ---
  /** y = x / rms(x) · (w + offset); x, y float [R, C], w any float type [C], inverseRms f32 [R]. */
  rmsnormForward(y: TensorId, inverseRms: TensorId, x: TensorId, w: TensorId, options: { epsilon: number; offset: number }): void;
  /** dx float [R, C] (+= with accumulate); dw f32 [C] += where not 0. */
  rmsnormBackward(
    dx: TensorId,
    dw: TensorId,
    dy: TensorId,
    x: TensorId,
    options: { w: TensorId; inverseRms: TensorId; offset: number; accumulate: boolean },
  ): void;

  /**
   * Rotates every head of x [T, heads·D] by the angles positions[t] · inverseFrequency[i], cos and sin times `scale`.
   * layout 'half' pairs (i, i + R/2), 'interleaved' (2i, 2i + 1), over the first R = 2·len(inverseFrequency) of D; the rest is copied.
   * inverse: by minus the angle (the backward). y may be x. cos and sin are computed in f32 from an exact f32 angle as the reference does.
   */
  rope(
    y: TensorId,
    x: TensorId,
    positions: TensorId,
    options: { inverseFrequency: TensorId; headSize: number; interleaved: boolean; inverse: boolean; scale: number },
  ): void;

  /**
   * Causal attention in blocks. q, o float [Tq, H·D]; k, v float [Tk, G·D]; lse f32 [H, Tq].
   * Segment s attends queries queryOffsets[s] … queryOffsets[s+1] to keys keyOffsets[s] … keyOffsets[s+1]; both i32 [S+1]. Queries are the
   * last positions of their keys, so training passes the same offsets twice and generation with a cache passes fewer queries.
   */
  attentionForward(
    o: TensorId,
    lse: TensorId,
    q: TensorId,
    k: TensorId,
    options: AttentionOptions & { v: TensorId; queryOffsets: TensorId; keyOffsets: TensorId },
  ): void;
  /** dq, dk, dv float like q, k, v (written, not added to). */
  attentionBackward(
    dq: TensorId,
    dk: TensorId,
    dv: TensorId,
    dout: TensorId,
    options: AttentionOptions & { q: TensorId; k: TensorId; v: TensorId; o: TensorId; lse: TensorId; queryOffsets: TensorId; keyOffsets: TensorId },
  ): void;

  /**
   * y = silu(bias + causal convolution of x), a filter of K taps a channel; x, y float [T, C], weight f32 [C, K], bias f32 [C] or 0.
   * segments i32 [S + 1]: what lies before a segment's first row counts as zero.
   */
  causalConvForward(y: TensorId, x: TensorId, options: { weight: TensorId; bias: TensorId; segments: TensorId }): void;
  /** dx float [T, C], written; dweight, dbias f32 += where not 0. */
  causalConvBackward(
    dx: TensorId,
    dweight: TensorId,
    dbias: TensorId,
    dy: TensorId,
    options: { x: TensorId; weight: TensorId; bias: TensorId; segments: TensorId },
  ): void;

  /**
   * The selective scan of Mamba-2, the formulas in kernels/state-space/state-space.h. xbc float [T, H·P + 2·groups·N]: x, B and C side by side;
   * dt float [T, H] before bias and softplus; y float [T, H·P]. states (0: not kept) is what the backward starts its chunks from.
   * initial, final f32 [S, H, N, P]: the states before each segment (0: zero) and behind it (0: not wanted).
   */
  stateSpaceForward(y: TensorId, xbc: TensorId, dt: TensorId, options: StateSpaceOptions & StateSpaceTensors & { initial: TensorId; final: TensorId }): void;
  /** Of a scan that began at zero. dxbc, ddt float like xbc, dt, written; dDtBias, dALog, dD f32 [H] += where not 0. */
  stateSpaceBackward(
    dxbc: TensorId,
    ddt: TensorId,
    dy: TensorId,
    xbc: TensorId,
    options: StateSpaceOptions & StateSpaceTensors & { dt: TensorId; dDtBias: TensorId; dALog: TensorId; dD: TensorId },
  ): void;

  /** y = act(gate) · up; all float [R, C]. */
  gluForward(y: TensorId, gate: TensorId, up: TensorId, options: { activation: GluActivation }): void;
  /** dgate, dup may be gate, up themselves. y is not needed: it is recomputed. */
  gluBackward(dgate: TensorId, dup: TensorId, dy: TensorId, gate: TensorId, options: { up: TensorId; activation: GluActivation }): void;

  /**
   * Rows of logits f32 [R, V] against labels i32 [R] (negative: not graded). loss f32 [R] = -log p(label), 0 where not graded.
   * With gradScale != 0 gradient f32|bf16 [R, V] = (softmax - onehot) · gradScale, through the softcap's derivative; gradient 0: in place of the logits.
   * best i32 [R] = argmax, where not 0.
   */
  crossEntropy(loss: TensorId, logits: TensorId, labels: TensorId, options: { gradScale: number; softcap: number; best: TensorId; gradient?: TensorId }): void;

  /** Decoupled weight decay (torch.optim.AdamW): all f32 of one shape; step counts from 1; grad is read times gradScale. */
  adamw(
    param: TensorId,
    grad: TensorId,
    m: TensorId,
    v: TensorId,
    options: { learningRate: number; beta1: number; beta2: number; epsilon: number; weightDecay: number; step: number; gradScale: number },
  ): void;

  /** out = a·alpha + b·beta, any mix of float types, one shape; out may be a or b. */
  addScaled(out: TensorId, a: TensorId, b: TensorId, options: { alpha: number; beta: number }): void;
  /** out = a · b elementwise, float, one shape; out may be a or b. */
  multiply(out: TensorId, a: TensorId, b: TensorId): void;
  /** out [R, C] = x · scale, scale f32 [C] for each column, plus `add` where not 0; any mix of float types; out may be x or add. */
  scaleColumns(out: TensorId, x: TensorId, scale: TensorId, add: TensorId): void;
  /** sums f32 [C] = sums over rows of a · b, both float [R, C]; cut by shape: the same bits on any thread count. */
  columnDots(sums: TensorId, a: TensorId, b: TensorId): void;
  /** out float = in any · scale: copies, converts between float types, dequantises. */
  convert(out: TensorId, input: TensorId, options: { scale: number }): void;
  fill(out: TensorId, value: number): void;
  /** Sum of squares in f64, cut by shape: the same bits on any thread count. */
  sumOfSquares(x: TensorId): number;
  allFinite(x: TensorId): boolean;

  /** out float [T, C] = table any [V, C] rows at ids i32 [T], times scale. */
  embeddingForward(out: TensorId, table: TensorId, ids: TensorId, options: { scale: number }): void;
  /** dtable f32 [V, C] += dy rows at ids, in order of t. */
  embeddingBackward(dtable: TensorId, dy: TensorId, ids: TensorId, options: { scale: number }): void;
  /** out [R, C] = x rows at rows i32 [R]. */
  gatherRows(out: TensorId, x: TensorId, rows: TensorId): void;
  /** out [T, C] rows at rows i32 [R] = x [R, C]; the other rows are not touched. */
  scatterRows(out: TensorId, x: TensorId, rows: TensorId): void;

  /** y = x · mask / (1 - p); the mask is Philox(seed, stream, element), so backward is the same call on dy. y may be x. */
  dropout(y: TensorId, x: TensorId, options: { p: number; seed: number; stream: number }): void;
  /** Uniform in [low, high) from Philox(seed, stream, element). */
  randomUniform(out: TensorId, options: { low: number; high: number; seed: number; stream: number }): void;
  randomNormal(out: TensorId, options: { mean: number; deviation: number; seed: number; stream: number }): void;
}
