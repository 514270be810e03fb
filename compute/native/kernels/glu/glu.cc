// The table of gated units, and how elements are cut over the threads: by shape alone.
#include "kernels/glu/glu.h"

#include "core/kernel-table.h"
#include "kernels/elementwise/chunks.h"

namespace lathe {

const KernelTable<GluRow>& gluTable() {
  static const KernelTable<GluRow>* table = new KernelTable<GluRow>("glu", {
#include "kernels/glu/kernels.inc"
                                                                            });
  return *table;
}

void gluForward(const GluForward& args, int64_t elements) {
  const GluKernel& kernel = gluTable().function()();
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { kernel.forward(args, begin, end); });
}

void gluBackward(const GluBackward& args, int64_t elements) {
  const GluKernel& kernel = gluTable().function()();
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { kernel.backward(args, begin, end); });
}

}  // namespace lathe
