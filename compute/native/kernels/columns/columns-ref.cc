// Column by column, as the contract reads: the oracle of the other rows and the fallback everywhere.
#include "kernels/columns/columns.h"

namespace lathe {
namespace {

void scaleColumnsOf(const ScaleColumns& args, int64_t firstRow, int64_t endRow) {
  for (int64_t row = firstRow; row < endRow; ++row)
    for (int64_t c = 0; c < args.columns; ++c) {
      const int64_t i = row * args.columns + c;
      const float scaled = get(args.x, i) * args.scale[c];
      set(args.out, i, args.add.data == nullptr ? scaled : scaled + get(args.add, i));
    }
}

void columnDotsOf(const ColumnDots& args, int64_t firstRow, int64_t endRow, float* sums) {
  for (int64_t c = 0; c < args.columns; ++c) sums[c] = 0;
  for (int64_t row = firstRow; row < endRow; ++row)
    for (int64_t c = 0; c < args.columns; ++c) {
      const int64_t i = row * args.columns + c;
      sums[c] = sums[c] + get(args.a, i) * get(args.b, i);
    }
}

}  // namespace

const ColumnsKernel& columnsRef() {
  static constexpr ColumnsKernel kernel = {scaleColumnsOf, columnDotsOf};
  return kernel;
}

}  // namespace lathe
