// Random kernels with eight lanes.
#include "kernels/simd/avx2.h"

namespace lathe {
namespace {

struct Words {
  __m256i v;
};
// In order, unlike AVX-512's: two halves of everything would not fit the sixteen registers.
using State = Words;
struct Products {
  __m256i even, odd;
};

inline State sameState(uint32_t x) { return {_mm256_set1_epi32(int(x))}; }
inline State countedState(uint32_t x) { return {_mm256_add_epi32(_mm256_set1_epi32(int(x)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))}; }
inline Products product(State a, uint32_t by) {
  const __m256i factor = _mm256_set1_epi32(int(by));
  return {_mm256_mul_epu32(a.v, factor), _mm256_mul_epu32(_mm256_srli_epi64(a.v, 32), factor)};
}
inline State lowWords(Products p) { return {_mm256_blend_epi32(p.even, _mm256_slli_epi64(p.odd, 32), 0xaa)}; }
inline State mixed(Products p, State b, uint32_t k) {
  const __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(p.even, 32), p.odd, 0xaa);
  return {_mm256_xor_si256(high, _mm256_xor_si256(b.v, _mm256_set1_epi32(int(k))))};
}
inline Words inOrder(State a) { return a; }
inline Vec topBits(Words a) { return {_mm256_cvtepi32_ps(_mm256_srli_epi32(a.v, 8))}; }
inline Mask atLeast(Words a, uint32_t x) {
  const __m256i larger = _mm256_max_epu32(a.v, _mm256_set1_epi32(int(x)));
  return {_mm256_castsi256_ps(_mm256_cmpeq_epi32(larger, a.v))};
}

}  // namespace
}  // namespace lathe

#include "kernels/random/random.inl"

namespace lathe {

const RandomKernel& randomAvx2() { return kKernel; }

}  // namespace lathe
