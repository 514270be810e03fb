// The table of cross-entropy; one row of logits is one index.
#include "kernels/cross-entropy/cross-entropy.h"

#include "core/threads.h"

namespace lathe {

#define CROSS_ENTROPY_ROW(name, isa, tolerance, function) void function(const CrossEntropyCall&, int64_t);
#include "kernels/cross-entropy/kernels.inc"
#undef CROSS_ENTROPY_ROW

KernelTable<CrossEntropyRow>& crossEntropyTable() {
#define CROSS_ENTROPY_ROW(name, isa, tolerance, function) {#name, isa, tolerance, function},
  static auto* table = new KernelTable<CrossEntropyRow>("cross_entropy", {
#include "kernels/cross-entropy/kernels.inc"
                                                                         });
#undef CROSS_ENTROPY_ROW
  return *table;
}

void crossEntropy(const CrossEntropyCall& call) {
  const CrossEntropyRow run = crossEntropyTable().function();
  parallelFor(call.rows, [&](int64_t row, int) { run(call, row); });
}

}  // namespace lathe
