// Products with a handful of rows in A and B stored [N, K]: generation and scoring, where reading the weights once is all the time there is.
// Nothing is packed. One row of A: each stored row is decoded in registers and multiplied on the way. A few rows: a few stored rows at a
// time are widened into a core's first-level cache and multiplied with all rows of A. Products and sums are fp32 whatever the type of A.
#pragma once
#include <cstdint>

#include "kernels/gemm/gemm.h"

namespace lathe {

// Rows of x against rows of w, all f32 of length k: sums[i][j] = x_i · w_j for i < xs, j < ws, at sums[i * kMost + j].
struct GemvBatch {
  static constexpr int kMost = 4;
  const float* x;
  const float* w;
  int64_t xStride, wStride, k;
  int xs, ws;  // 1 … kMost
};

struct GemvKernel {
  // One stored row of the type at this index times x, over k elements (whole blocks); null for i32.
  float (*dot[static_cast<int>(DType::Count)])(const void* row, const float* x, int64_t k);
  void (*batch)(const GemvBatch& batch, float* sums);
};

using GemvRow = const GemvKernel& (*)();
const KernelTable<GemvRow>& gemvTable();

// Whether a product with a row other than the reference goes this way.
bool isGemv(const GemmArgs& args);
int64_t gemvScratchBytes(const GemmArgs& args);
void gemv(const GemmArgs& args, void* scratch);

const GemvKernel& gemvRef();
const GemvKernel& gemvAvx2();
const GemvKernel& gemvAvx512();
const GemvKernel& gemvNeon();

}  // namespace lathe
