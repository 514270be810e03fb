// The selective state-space scan of Mamba-2 (Dao & Gu 2024) over packed rows. Head h has P channels and a state [N, P]; heads share B and C
// in groups. With u = raw + bias, Δ = clamp(softplus(u)), a = -exp(A_log) · Δ, a token t of a segment computes
//   S[t] = exp(a[t]) · S[t - 1] + B[t] ⊗ (Δ[t] · x[t]),   y[t] = S[t]ᵀ C[t] + D · x[t]
// and the first token starts from `initial`, or from zero. In chunks of kStateChunk tokens, S⁰ the state before the chunk, c the running sum of a:
//   y[t] = exp(c[t]) · S⁰ᵀ C[t] + Σ_{s <= t} M[t, s] · x[s] + D · x[t],   M[t, s] = (C[t] · B[s]) · exp(c[t] - c[s]) · Δ[s]
//   S' = exp(c[last]) · S⁰ + Σ_s exp(c[last] - c[s]) · B[s] ⊗ (Δ[s] · x[s])
// Only the states before the chunks are kept; the backward visits the chunks from the last one and computes all else anew, with dS' the
// gradient of the state behind the chunk (which `final` hands none):
//   W = dy xᵀ on s <= t,   Q[t, s] = W[t, s] · exp(c[t] - c[s]) · Δ[s],   G[t, s] = C[t] · B[s]
//   dx = Mᵀ dy + exp(c[last] - c) · Δ · (B dS') + D · dy,   dD = Σ dy · x
//   dC = Q B + exp(c) · (S⁰ dy),   dB = Qᵀ C + exp(c[last] - c) · Δ · (dS' x),   dS⁰ = exp(c[last]) · dS' + Cᵀ (exp(c) · dy)
//   dΔ and dc from the same products; da is the sum of dc from t on;  dΔ += A · da,  dA_log = A · Σ Δ · da,  draw = dΔ · sigmoid(u) inside the clamp
// xbc [T, heads·P + 2·groups·N] holds x, B and C side by side; raw and draw [T, heads]. Those, y, and their gradients are f32 or bf16 in any mix,
// everything else is f32 (the reference: one token after the other in f64). Nothing overlaps. Rows of no segment become zero.
//
// state-space.cc cuts a call into units of a segment and some heads, by shape alone; a unit's dB and dC are partial sums, added in order.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

template <class Fn>
class KernelTable;

inline constexpr int64_t kStateChunk = 128;
// Heads that one unit computes at most: they share C · B.
inline constexpr int64_t kStateHeads = 8;

struct StateSpaceCall {
  FloatArray xbc, raw;                // [T, heads · headSize + 2 · groups · stateSize], [T, heads]
  const float *bias, *aLog, *d;       // [heads]
  float* states;                      // [chunks, heads, stateSize, headSize]: before each chunk; the forward skips it where nullptr
  const int32_t* offsets;             // [segments + 1]; checked by the glue
  int64_t segments, rows, heads, headSize, groups, stateSize;
  float leastDelta, mostDelta;

  FloatArray y;                       // forward: [T, heads · headSize]
  const float* initial;               // forward: [segments, heads, stateSize, headSize]; nullptr: zero
  float* final;                       // forward: the same, written; nullptr: not wanted

  FloatArray dy, dxbc, draw;          // backward
  float *dBias, *dALog, *dD;          // backward: [heads], added to; nullptr: not wanted

  int64_t columns() const { return heads * headSize + 2 * groups * stateSize; }
};

struct StateSpaceUnit {
  int64_t segment, head, headEnd;  // all of one group
  int64_t firstRow, endRow, firstChunk;
  float* pairSums;  // backward: dB and dC of these heads, [T, 2 · groups · stateSize]; the unit's rows and group are written
  float* headSums;  // backward: [3, heads]; the unit's heads are written: dbias, dA_log, dD
};

struct StateSpaceKernel {
  void (*forward)(const StateSpaceCall& call, const StateSpaceUnit& unit, float* scratch);
  void (*backward)(const StateSpaceCall& call, const StateSpaceUnit& unit, float* scratch);
};

using StateSpaceRow = const StateSpaceKernel& (*)();
const KernelTable<StateSpaceRow>& stateSpaceTable();

// How many states a forward may write at most: a chunk more a segment than whole ones fit.
inline int64_t stateSpaceChunks(int64_t rows, int64_t segments) { return rows / kStateChunk + segments; }

// Bytes of scratch; depends on shapes and thread count, never on offsets.
int64_t stateSpaceForwardScratchBytes(const StateSpaceCall& call);
int64_t stateSpaceBackwardScratchBytes(const StateSpaceCall& call);
void stateSpaceForward(const StateSpaceCall& call, void* scratch);
void stateSpaceBackward(const StateSpaceCall& call, void* scratch);

const StateSpaceKernel& stateSpaceRef();
const StateSpaceKernel& stateSpaceAvx2();
const StateSpaceKernel& stateSpaceAvx512();
const StateSpaceKernel& stateSpaceNeon();

}  // namespace lathe
