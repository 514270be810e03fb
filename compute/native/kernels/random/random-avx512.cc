// Random kernels with sixteen lanes.
#include "kernels/simd/avx512.h"

namespace lathe {
namespace {

// Words 0, 2, 4 … and 1, 3, 5 … in the low halves of 64-bit lanes, where multiplication wants them; the high halves mean nothing.
struct State {
  __m512i even, odd;
};
using Products = State;
struct Words {
  __m512i v;
};

inline State sameState(uint32_t x) { return {_mm512_set1_epi32(int(x)), _mm512_set1_epi32(int(x))}; }
inline State countedState(uint32_t x) {
  const __m512i start = _mm512_set1_epi64(int64_t(x));
  return {_mm512_add_epi32(start, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14)), _mm512_add_epi32(start, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15))};
}
inline Products product(State a, uint32_t by) {
  const __m512i factor = _mm512_set1_epi64(int64_t(by));
  return {_mm512_mul_epu32(a.even, factor), _mm512_mul_epu32(a.odd, factor)};
}
inline State lowWords(Products p) { return p; }
inline State mixed(Products p, State b, uint32_t k) {
  constexpr int kXorOfThree = 0x96;
  const __m512i key = _mm512_set1_epi32(int(k));
  return {_mm512_ternarylogic_epi32(_mm512_srli_epi64(p.even, 32), b.even, key, kXorOfThree),
          _mm512_ternarylogic_epi32(_mm512_srli_epi64(p.odd, 32), b.odd, key, kXorOfThree)};
}
inline Words inOrder(State a) { return {_mm512_mask_blend_epi32(0xaaaa, a.even, _mm512_slli_epi64(a.odd, 32))}; }
inline Vec topBits(Words a) { return {_mm512_cvtepi32_ps(_mm512_srli_epi32(a.v, 8))}; }
inline Mask atLeast(Words a, uint32_t x) { return {_mm512_cmpge_epu32_mask(a.v, _mm512_set1_epi32(int(x)))}; }

}  // namespace
}  // namespace lathe

#include "kernels/random/random.inl"

namespace lathe {

const RandomKernel& randomAvx512() { return kKernel; }

}  // namespace lathe
