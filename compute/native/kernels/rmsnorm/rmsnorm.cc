// The table of norms, and how rows are cut over the threads: by shape alone.
#include "kernels/rmsnorm/rmsnorm.h"

#include <algorithm>

#include "core/kernel-table.h"
#include "core/threads.h"

namespace lathe {
namespace {

constexpr int64_t kElementsAnIndex = 16384;
constexpr int64_t kColumnsAnIndex = 1024;
// Weight gradients: one partial sum a chunk of rows, so that there are at most kPartials whatever the batch.
constexpr int64_t kPartials = 64, kRowsAPartial = 16;

int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t rowsAPartial(int64_t rows) { return std::max(kRowsAPartial, divideUp(rows, kPartials)); }

void forRows(int64_t rows, int64_t step, const std::function<void(int64_t index, int64_t first, int64_t end)>& body) {
  parallelFor(divideUp(rows, step), [&](int64_t index, int) { body(index, index * step, std::min(rows, (index + 1) * step)); });
}

}  // namespace

const KernelTable<RmsnormRow>& rmsnormTable() {
  static const KernelTable<RmsnormRow>* table = new KernelTable<RmsnormRow>("rmsnorm", {
#include "kernels/rmsnorm/kernels.inc"
                                                                                    });
  return *table;
}

void rmsnormForward(const RmsnormForward& args) {
  const RmsnormKernel& kernel = rmsnormTable().function()();
  const int64_t step = std::max<int64_t>(1, kElementsAnIndex / std::max<int64_t>(1, args.columns));
  forRows(args.rows, step, [&](int64_t, int64_t first, int64_t end) { kernel.forward(args, first, end); });
}

void rmsnormBackward(const RmsnormBackward& args, float* dw, float* partials) {
  const RmsnormKernel& kernel = rmsnormTable().function()();
  const int64_t step = rowsAPartial(args.rows), count = divideUp(args.rows, step);
  forRows(args.rows, step, [&](int64_t index, int64_t first, int64_t end) {
    kernel.backward(args, first, end, dw == nullptr ? nullptr : partials + index * args.columns);
  });
  if (dw == nullptr) return;
  forRows(args.columns, kColumnsAnIndex, [&](int64_t, int64_t first, int64_t end) {
    for (int64_t part = 0; part < count; ++part)
      for (int64_t c = first; c < end; ++c) dw[c] += partials[part * args.columns + c];
  });
}

int64_t rmsnormPartialBytes(int64_t rows, int64_t columns) { return divideUp(rows, rowsAPartial(rows)) * columns * int64_t(sizeof(float)); }

}  // namespace lathe
