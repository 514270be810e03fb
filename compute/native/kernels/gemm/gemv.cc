// The table of products with a handful of rows, and their driver.
#include "kernels/gemm/gemv.h"

#include <algorithm>

#include "core/threads.h"
#include "kernels/dequant/dequant.h"
#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

constexpr int64_t kMostRows = 16;           // of A; with more, panels pay
constexpr int64_t kBytesAnIndex = 1 << 16;  // of stored weights in one index of the parallel loop

bool readsAInPlace(const GemmArgs& args) { return args.aType == DType::F32 && (!args.transposeA || args.m == 1); }
int64_t widenedBytes(const GemmArgs& args) { return args.m == 1 || args.bType == DType::F32 ? 0 : GemvBatch::kMost * args.k * 4; }

// op(A) as f32 [M, K].
const float* rowsOfA(const GemmArgs& args, float* scratch) {
  if (readsAInPlace(args)) return static_cast<const float*>(args.a);
  const int64_t rowStride = args.transposeA ? 1 : args.k, columnStride = args.transposeA ? args.m : 1;
  for (int64_t m = 0; m < args.m; ++m)
    for (int64_t k = 0; k < args.k; ++k) {
      const int64_t at = m * rowStride + k * columnStride;
      scratch[m * args.k + k] = args.aType == DType::BF16 ? toFloat(static_cast<const Bf16*>(args.a)[at]) : static_cast<const float*>(args.a)[at];
    }
  return scratch;
}

void put(const GemmArgs& args, int64_t index, float sum) {
  float value = args.alpha * sum;
  if (args.cType == DType::BF16) {
    Bf16* c = static_cast<Bf16*>(args.c) + index;
    fromFloat(c, args.accumulate ? value + toFloat(*c) : value);
  } else {
    float* c = static_cast<float*>(args.c) + index;
    *c = args.accumulate ? value + *c : value;
  }
}

// Columns [from, to) of C, each a stored row.
void oneRow(const GemmArgs& args, const float* x, int64_t from, int64_t to) {
  const auto dot = gemvTable().function()().dot[static_cast<int>(args.bType)];
  for (int64_t n = from; n < to; ++n) put(args, n, dot(elementAt(args.b, args.bType, args.k, n, 0), x, args.k));
}

void fewRows(const GemmArgs& args, const float* x, int64_t from, int64_t to, float* widened) {
  const GemvKernel& kernel = gemvTable().function()();
  const auto widen = dequantTable().function()().toFloat[static_cast<int>(args.bType)];
  float sums[GemvBatch::kMost * GemvBatch::kMost];
  for (int64_t n = from; n < to; n += GemvBatch::kMost) {
    const int ws = static_cast<int>(std::min<int64_t>(GemvBatch::kMost, to - n));
    const void* stored = elementAt(args.b, args.bType, args.k, n, 0);
    if (args.bType != DType::F32) widen(stored, widened, ws * args.k);
    GemvBatch batch{x, args.bType == DType::F32 ? static_cast<const float*>(stored) : widened, args.k, args.k, args.k, 0, ws};
    for (int64_t m = 0; m < args.m; m += GemvBatch::kMost) {
      batch.x = x + m * args.k;
      batch.xs = static_cast<int>(std::min<int64_t>(GemvBatch::kMost, args.m - m));
      kernel.batch(batch, sums);
      for (int i = 0; i < batch.xs; ++i)
        for (int j = 0; j < ws; ++j) put(args, (m + i) * args.n + n + j, sums[i * GemvBatch::kMost + j]);
    }
  }
}

}  // namespace

const KernelTable<GemvRow>& gemvTable() {
  static const auto* table = new KernelTable<GemvRow>("gemv", {
#include "kernels/gemm/kernels-gemv.inc"
                                                              });
  return *table;
}

bool isGemv(const GemmArgs& args) { return !args.packed && args.transposeB && args.m <= kMostRows && args.k > 0; }

int64_t gemvScratchBytes(const GemmArgs& args) {
  return (readsAInPlace(args) ? 0 : (args.m * args.k * 4 + 63) / 64 * 64) + threads() * widenedBytes(args);
}

void gemv(const GemmArgs& args, void* scratch) {
  const float* x = rowsOfA(args, static_cast<float*>(scratch));
  auto* widened = static_cast<char*>(scratch) + (readsAInPlace(args) ? 0 : (args.m * args.k * 4 + 63) / 64 * 64);
  const int64_t step = std::max<int64_t>(8, kBytesAnIndex / bytesOf(args.bType, args.k) / GemvBatch::kMost * GemvBatch::kMost);
  parallelFor((args.n + step - 1) / step, [&](int64_t index, int worker) {
    const int64_t from = index * step, to = std::min(args.n, from + step);
    if (args.m == 1) return oneRow(args, x, from, to);
    fewRows(args, x, from, to, reinterpret_cast<float*>(widened + worker * widenedBytes(args)));
  });
}

}  // namespace lathe
