// A factor for each column of a matrix [R, C], and the sums over rows that its gradient is made of:
//   scaleColumns   out = x · scale (+ add)             scale f32 [C]; add.data nullptr: nothing is added
//   columnDots     sums[c] = Σ over rows of a · b      f32 [C], rows added in order
// f32 or bf16 in any mix; one IEEE operation a step, never fused, so all rows give the same bits. Any alignment. out may be x or add.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

template <class Fn>
class KernelTable;

struct ScaleColumns {
  FloatArray out, x, add;
  const float* scale;  // [C]
  int64_t rows, columns;
};

struct ColumnDots {
  FloatArray a, b;
  int64_t rows, columns;
};

struct ColumnsKernel {
  void (*scaleColumns)(const ScaleColumns& args, int64_t firstRow, int64_t endRow);
  // `sums` f32 [C] is written: the sum of these rows.
  void (*columnDots)(const ColumnDots& args, int64_t firstRow, int64_t endRow, float* sums);
};

using ColumnsRow = const ColumnsKernel& (*)();
const KernelTable<ColumnsRow>& columnsTable();

// With the chosen row, cut over the threads by shape alone.
void scaleColumns(const ScaleColumns& args);
// `sums` is written; `partials` holds columnDotsPartialBytes bytes.
void columnDots(const ColumnDots& args, float* sums, float* partials);
int64_t columnDotsPartialBytes(int64_t rows, int64_t columns);

const ColumnsKernel& columnsRef();
const ColumnsKernel& columnsAvx2();
const ColumnsKernel& columnsAvx512();
const ColumnsKernel& columnsNeon();

}  // namespace lathe
