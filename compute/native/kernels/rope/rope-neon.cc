// Rope with NEON.
#include "kernels/rope/rope.h"

#include "kernels/simd/neon.h"

#include "kernels/rope/rope.inl"

namespace lathe {

void ropeNeon(const RopeCall& call, int64_t row, int64_t rowEnd, float* scratch) { ropeRows(call, row, rowEnd, scratch); }

}  // namespace lathe
