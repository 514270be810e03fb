// fp32 products with Advanced SIMD: tiles of 8 × 8, 16 of the 32 registers hold sums.
#include "kernels/simd/neon.h"

#include "kernels/gemm/gemm.h"

namespace lathe {
namespace {

// A 4 × 4 square of floats.
inline void transposeSquare(Vec* x) {
  const float32x4x2_t low = vtrnq_f32(x[0].v, x[1].v), high = vtrnq_f32(x[2].v, x[3].v);
  x[0].v = vcombine_f32(vget_low_f32(low.val[0]), vget_low_f32(high.val[0]));
  x[1].v = vcombine_f32(vget_low_f32(low.val[1]), vget_low_f32(high.val[1]));
  x[2].v = vcombine_f32(vget_high_f32(low.val[0]), vget_high_f32(high.val[0]));
  x[3].v = vcombine_f32(vget_high_f32(low.val[1]), vget_high_f32(high.val[1]));
}

}  // namespace
}  // namespace lathe

#include "kernels/gemm/gemm-f32.inl"

namespace lathe {

const GemmKernel* gemmF32Neon() {
  static constexpr GemmKernel kernel = kernelF32<8, 8, 1, 2, 3, 4, 5, 6, 7, 8>(384);
  return &kernel;
}

}  // namespace lathe
