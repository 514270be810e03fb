// Products with a handful of rows, with AVX2.
#include "kernels/simd/avx2.h"

#include "kernels/dequant/decode-avx2.inl"
#include "kernels/gemm/gemv.h"
#include "kernels/gemm/gemv.inl"
#include "kernels/gemm/gemv-blocks.inl"

namespace lathe {

const GemvKernel& gemvAvx2() {
  static constexpr GemvKernel kernel = gemvOfBlocks<2>();
  return kernel;
}

}  // namespace lathe
