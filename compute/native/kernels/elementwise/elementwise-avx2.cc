// Elementwise kernels with eight lanes.
#include "kernels/simd/avx2.h"

namespace lathe {
namespace {

struct SquareSums {
  __m256d sums[4] = {_mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd()};

  // The square of an f32 is exact in f64, so that a fused addition rounds as a plain one does.
  void add(Vec x, int position) {
    const __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(x.v)), high = _mm256_cvtps_pd(_mm256_extractf128_ps(x.v, 1));
    __m256d* to = sums + position / 4;
    to[0] = _mm256_fmadd_pd(low, low, to[0]);
    to[1] = _mm256_fmadd_pd(high, high, to[1]);
  }
  double total() const {
    const __m256d four = _mm256_add_pd(_mm256_add_pd(sums[0], sums[2]), _mm256_add_pd(sums[1], sums[3]));
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
  }
};

}  // namespace
}  // namespace lathe

#include "kernels/elementwise/elementwise.inl"

namespace lathe {

const ElementwiseKernel& elementwiseAvx2() { return kKernel; }

}  // namespace lathe
