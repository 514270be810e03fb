// fp32 products with AVX2 and FMA: tiles of 6 × 16, 12 of the 16 registers hold sums.
#include "kernels/simd/avx2.h"

#include "kernels/gemm/gemm.h"

namespace lathe {
namespace {

// An 8 × 8 square of floats.
inline void transposeSquare(Vec* x) {
  __m256 quads[8];
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {  // 4 × 4 squares inside each 128-bit lane
    const __m256d a = _mm256_castps_pd(_mm256_unpacklo_ps(x[i].v, x[i + 1].v)), b = _mm256_castps_pd(_mm256_unpackhi_ps(x[i].v, x[i + 1].v));
    const __m256d c = _mm256_castps_pd(_mm256_unpacklo_ps(x[i + 2].v, x[i + 3].v)), d = _mm256_castps_pd(_mm256_unpackhi_ps(x[i + 2].v, x[i + 3].v));
    quads[i] = _mm256_castpd_ps(_mm256_unpacklo_pd(a, c));
    quads[i + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(a, c));
    quads[i + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(b, d));
    quads[i + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(b, d));
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    x[i].v = _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x20);
    x[i + 4].v = _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x31);
  }
}

}  // namespace
}  // namespace lathe

#include "kernels/gemm/gemm-f32.inl"

namespace lathe {

const GemmKernel* gemmF32Avx2() {
  static constexpr GemmKernel kernel = kernelF32<6, 16, 1, 2, 3, 4, 5, 6>(384);
  return &kernel;
}

}  // namespace lathe
