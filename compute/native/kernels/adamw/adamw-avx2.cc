// The AdamW update with eight lanes.
#include "kernels/simd/avx2.h"
// The kernel, written over what was just included.
#include "kernels/adamw/adamw.inl"

namespace lathe {

void adamwAvx2(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end) { updateRange(arrays, scalars, begin, end); }

}  // namespace lathe
