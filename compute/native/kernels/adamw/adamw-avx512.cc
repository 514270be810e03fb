// The AdamW update with sixteen lanes.
#include "kernels/simd/avx512.h"
// The kernel, written over what was just included.
#include "kernels/adamw/adamw.inl"

namespace lathe {

void adamwAvx512(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end) { updateRange(arrays, scalars, begin, end); }

}  // namespace lathe
