// The matrix product as a plain triple loop: the oracle of every other row, and the row of machines without one. Sums in fp64.
#include <algorithm>

#include "core/threads.h"
#include "kernels/dequant/dequant.h"
#include "kernels/gemm/gemm.h"
#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

// Columns of C that one index computes: whole blocks of every quantised type.
constexpr int64_t kColumns = 256;

float at(const void* matrix, DType type, int64_t index) {
  return type == DType::BF16 ? toFloat(static_cast<const Bf16*>(matrix)[index]) : static_cast<const float*>(matrix)[index];
}

void put(const GemmArgs& args, int64_t index, double sum) {
  const float value = static_cast<float>(args.alpha * sum) + (args.accumulate ? at(args.c, args.cType, index) : 0);
  if (args.cType == DType::BF16) {
    fromFloat(static_cast<Bf16*>(args.c) + index, value);
  } else {
    static_cast<float*>(args.c)[index] = value;
  }
}

// What A2 · op(B2) adds to an element.
double lowRank(const GemmArgs& args, int64_t m, int64_t n) {
  double sum = 0;
  for (int64_t r = 0; r < args.rank; ++r)
    sum += double(at(args.a2, args.a2Type, m * args.rank + r)) * at(args.b2, args.b2Type, args.transposeB2 ? n * args.rank + r : r * args.n + n);
  return sum;
}

// Columns [from, to) of op(B) as f32 [K, to - from].
void widenColumns(const GemmArgs& args, int64_t from, int64_t to, float* columns) {
  const DequantKernel& widen = dequantTable().function()();
  const auto read = widen.toFloat[static_cast<int>(args.bType)];
  const int64_t width = to - from;
  if (!args.transposeB) {
    for (int64_t k = 0; k < args.k; ++k) read(elementAt(args.b, args.bType, args.n, k, from), columns + k * width, width);
    return;
  }
  float* row = columns + args.k * kColumns;
  for (int64_t n = from; n < to; ++n) {
    read(elementAt(args.b, args.bType, args.k, n, 0), row, args.k);
    for (int64_t k = 0; k < args.k; ++k) columns[k * width + n - from] = row[k];
  }
}

}  // namespace

int64_t gemmPlainScratchBytes(const GemmArgs& args) { return threads() * args.k * (kColumns + 1) * static_cast<int64_t>(sizeof(float)); }

void gemmPlain(const GemmArgs& args, float* scratch) {
  parallelFor((args.n + kColumns - 1) / kColumns, [&](int64_t index, int worker) {
    const int64_t from = index * kColumns, to = std::min(args.n, from + kColumns), width = to - from;
    float* columns = scratch + worker * args.k * (kColumns + 1);
    widenColumns(args, from, to, columns);
    double sums[kColumns];
    for (int64_t m = 0; m < args.m; ++m) {
      std::fill_n(sums, width, 0.0);
      for (int64_t k = 0; k < args.k; ++k) {
        const double a = at(args.a, args.aType, args.transposeA ? k * args.m + m : m * args.k + k);
        for (int64_t n = 0; n < width; ++n) sums[n] += a * columns[k * width + n];
      }
      for (int64_t n = 0; n < width; ++n) put(args, m * args.n + from + n, sums[n] + lowRank(args, m, from + n));
    }
  });
}

}  // namespace lathe
