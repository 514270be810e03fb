// Elementwise kernels with sixteen lanes.
#include "kernels/simd/avx512.h"

namespace lathe {
namespace {

struct SquareSums {
  __m512d low = _mm512_setzero_pd(), high = _mm512_setzero_pd();

  // The square of an f32 is exact in f64, so that a fused addition rounds as a plain one does.
  void add(Vec x, int) {
    const __m512d a = _mm512_cvtps_pd(_mm512_castps512_ps256(x.v)), b = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x.v, 1));
    low = _mm512_fmadd_pd(a, a, low);
    high = _mm512_fmadd_pd(b, b, high);
  }
  double total() const {
    const __m512d eight = _mm512_add_pd(low, high);
    const __m256d four = _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
  }
};

}  // namespace
}  // namespace lathe

#include "kernels/elementwise/elementwise.inl"

namespace lathe {

const ElementwiseKernel& elementwiseAvx512() { return kKernel; }

}  // namespace lathe
