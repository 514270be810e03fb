// The table of column kernels, and how rows are cut over the threads: by shape alone.
#include "kernels/columns/columns.h"

#include <algorithm>

#include "core/kernel-table.h"
#include "core/threads.h"

namespace lathe {
namespace {

constexpr int64_t kElementsAnIndex = 16384;
constexpr int64_t kColumnsAnIndex = 1024;
// One partial sum a chunk of rows, so that there are at most kPartials whatever the batch.
constexpr int64_t kPartials = 64, kRowsAPartial = 16;

int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t rowsAPartial(int64_t rows) { return std::max(kRowsAPartial, divideUp(rows, kPartials)); }

template <class Body>
void forSteps(int64_t total, int64_t step, const Body& body) {
  parallelFor(divideUp(total, step), [&](int64_t index, int) { body(index, index * step, std::min(total, (index + 1) * step)); });
}

}  // namespace

const KernelTable<ColumnsRow>& columnsTable() {
  static const KernelTable<ColumnsRow>* table = new KernelTable<ColumnsRow>("columns", {
#include "kernels/columns/kernels.inc"
                                                                                    });
  return *table;
}

void scaleColumns(const ScaleColumns& args) {
  const ColumnsKernel& kernel = columnsTable().function()();
  const int64_t step = std::max<int64_t>(1, kElementsAnIndex / std::max<int64_t>(1, args.columns));
  forSteps(args.rows, step, [&](int64_t, int64_t first, int64_t end) { kernel.scaleColumns(args, first, end); });
}

void columnDots(const ColumnDots& args, float* sums, float* partials) {
  const ColumnsKernel& kernel = columnsTable().function()();
  const int64_t step = rowsAPartial(args.rows), count = divideUp(args.rows, step);
  forSteps(args.rows, step, [&](int64_t index, int64_t first, int64_t end) { kernel.columnDots(args, first, end, partials + index * args.columns); });
  forSteps(args.columns, kColumnsAnIndex, [&](int64_t, int64_t first, int64_t end) {
    for (int64_t c = first; c < end; ++c) sums[c] = 0;
    for (int64_t part = 0; part < count; ++part)
      for (int64_t c = first; c < end; ++c) sums[c] = sums[c] + partials[part * args.columns + c];
  });
}

int64_t columnDotsPartialBytes(int64_t rows, int64_t columns) { return divideUp(rows, rowsAPartial(rows)) * columns * int64_t(sizeof(float)); }

}  // namespace lathe
