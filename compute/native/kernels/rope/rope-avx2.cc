// Rope with AVX2.
#include "kernels/rope/rope.h"

#include "kernels/simd/avx2.h"

#include "kernels/rope/rope.inl"

namespace lathe {

void ropeAvx2(const RopeCall& call, int64_t row, int64_t rowEnd, float* scratch) { ropeRows(call, row, rowEnd, scratch); }

}  // namespace lathe
