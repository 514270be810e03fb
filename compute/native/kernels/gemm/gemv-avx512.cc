// Products with a handful of rows, with AVX-512.
#include "kernels/simd/avx512.h"

#include "kernels/dequant/decode-avx512.inl"
#include "kernels/gemm/gemv.h"
#include "kernels/gemm/gemv.inl"
#include "kernels/gemm/gemv-blocks.inl"

namespace lathe {

const GemvKernel& gemvAvx512() {
  static constexpr GemvKernel kernel = gemvOfBlocks<4>();
  return kernel;
}

}  // namespace lathe
