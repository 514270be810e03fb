// The AdamW update with four lanes.
#include "kernels/simd/neon.h"
// The kernel, written over what was just included.
#include "kernels/adamw/adamw.inl"

namespace lathe {

void adamwNeon(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end) { updateRange(arrays, scalars, begin, end); }

}  // namespace lathe
