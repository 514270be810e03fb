// The table of AdamW updates, and how elements are cut over the threads.
#include "kernels/adamw/adamw.h"

#include "core/kernel-table.h"
#include "kernels/elementwise/chunks.h"

namespace lathe {

const KernelTable<AdamwRow>& adamwTable() {
  static const KernelTable<AdamwRow>* table = new KernelTable<AdamwRow>("adamw", {
#include "kernels/adamw/kernels.inc"
                                                                                 });
  return *table;
}

void adamw(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t elements) {
  const AdamwRow update = adamwTable().function();
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { update(arrays, scalars, begin, end); });
}

}  // namespace lathe
