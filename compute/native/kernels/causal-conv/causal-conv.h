// Causal depthwise convolution with silu over packed rows (the short convolution of Mamba, Gu & Dao 2023). K taps w [C, K], bias b [C] or none:
//   u[t, c] = b[c] + Σ_{j < K, t - j in the segment} w[c, K - 1 - j] · x[t - j, c],   y = silu(u)
// backward, u computed anew:  du = dy · silu'(u),  dx[t, c] = Σ_{j < K, t + j in the segment} w[c, K - 1 - j] · du[t + j, c],
//   dw[c, K - 1 - j] += Σ_t du[t, c] · x[t - j, c],  db += Σ_t du
// What lies before a segment's first row counts as zero. x, y, dx, dy [T, C] are f32 or bf16 in any mix, arithmetic is f32 (the reference:
// f64). Nothing overlaps. Rows of no segment become zero.
//
// causal-conv.cc cuts the segments into runs of rows by shape; a run's part of dw and db is one partial sum, and these are added in order.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

template <class Fn>
class KernelTable;

inline constexpr int64_t kConvRunRows = 32, kConvMaxWidth = 16;

struct ConvCall {
  FloatArray x, y, dy, dx;  // [T, C]; y forward only, dy and dx backward only
  const float* weight;      // [C, K]
  const float* bias;        // [C] or nullptr
  float *dw, *db;           // [C, K], [C], added to; nullptr: not wanted
  const int32_t* offsets;   // [segments + 1]; checked by the glue
  int64_t segments, rows, columns, width;
};

// Rows [first, end) of the segment [segmentFirst, segmentEnd); at most kConvRunRows.
struct ConvRun {
  int64_t first, end, segmentFirst, segmentEnd;
};

struct ConvKernel {
  // taps: the weights turned, [K, C].
  void (*forward)(const ConvCall& call, const ConvRun& run, const float* taps);
  // slopes: room for du, [kConvRunRows + K - 1, C]. sums: this run's dw turned and db, [K + 1, C], written; nullptr: not wanted.
  void (*backward)(const ConvCall& call, const ConvRun& run, const float* taps, float* slopes, float* sums);
};

using ConvRow = const ConvKernel& (*)();
const KernelTable<ConvRow>& convTable();

// Bytes of scratch; depends on shapes and thread count, never on offsets.
int64_t convForwardScratchBytes(const ConvCall& call);
int64_t convBackwardScratchBytes(const ConvCall& call);
void convForward(const ConvCall& call, void* scratch);
void convBackward(const ConvCall& call, void* scratch);

const ConvKernel& convRef();
const ConvKernel& convAvx2();
const ConvKernel& convAvx512();
const ConvKernel& convNeon();

}  // namespace lathe
