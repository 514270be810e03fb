// Column factors and column sums over Vec; included by one .cc an instruction set.
#include "kernels/columns/columns.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

void scaleColumnsOf(const ScaleColumns& args, int64_t firstRow, int64_t endRow) {
  const FloatArray out = args.out, x = args.x, add = args.add;
  const FloatArray scale = {const_cast<float*>(args.scale), DType::F32};
  for (int64_t row = firstRow; row < endRow; ++row) {
    const int64_t start = row * args.columns;
    if (add.data == nullptr) {
      forVectors(0, args.columns, [&](int64_t c, int count) { store(out, start + c, load(x, start + c, count) * load(scale, c, count), count); });
    } else {
      forVectors(0, args.columns, [&](int64_t c, int count) {
        store(out, start + c, load(x, start + c, count) * load(scale, c, count) + load(add, start + c, count), count);
      });
    }
  }
}

void columnDotsOf(const ColumnDots& args, int64_t firstRow, int64_t endRow, float* sums) {
  const FloatArray a = args.a, b = args.b, sum = {sums, DType::F32};
  for (int64_t c = 0; c < args.columns; ++c) sums[c] = 0;
  for (int64_t row = firstRow; row < endRow; ++row) {
    const int64_t start = row * args.columns;
    forVectors(0, args.columns, [&](int64_t c, int count) {
      store(sum, c, load(sum, c, count) + load(a, start + c, count) * load(b, start + c, count), count);
    });
  }
}

constexpr ColumnsKernel kKernel = {scaleColumnsOf, columnDotsOf};

}  // namespace
}  // namespace lathe
