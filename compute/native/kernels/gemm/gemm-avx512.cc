// fp32 products with AVX-512: tiles of 14 × 32, 28 of the 32 registers hold sums.
#include "kernels/simd/avx512.h"

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/gemm/gemm-f32.inl"

namespace lathe {

const GemmKernel* gemmF32Avx512() {
  static constexpr GemmKernel kernel = kernelF32<14, 32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14>(384);
  return &kernel;
}

}  // namespace lathe
