// int8 products with 256-bit vpdpbusd (AVX-VNNI): tiles of 6 × 16, a panel in two halves, 12 of the 16 registers hold sums.
#include <string.h>

#include "kernels/gemm-int8/gemm-int8.h"
#include "kernels/simd/intrinsics.h"

namespace lathe {
namespace {

struct Ints {
  static constexpr int kLanes = 8;
  __m256i v;
};
struct Reals {
  __m256 v;
};

inline Ints loadInts(const void* p) { return {_mm256_loadu_si256(static_cast<const __m256i*>(p))}; }
inline Ints broadcastInt(const void* p) { return {_mm256_set1_epi32(*static_cast<const int32_t*>(p))}; }
inline Ints dot(Ints sum, Ints u8, Ints s8) { return {_mm256_dpbusd_avx_epi32(sum.v, u8.v, s8.v)}; }
inline Ints maxInts(Ints a, Ints b) { return {_mm256_max_epi32(a.v, b.v)}; }
inline Ints sizeBits(Reals x) { return {_mm256_and_si256(_mm256_castps_si256(x.v), _mm256_set1_epi32(0x7fffffff))}; }
inline Reals realsOf(Ints bits) { return {_mm256_castsi256_ps(bits.v)}; }
inline Reals toReals(Ints x) { return {_mm256_cvtepi32_ps(x.v)}; }
inline Ints roundInts(Reals x) { return {_mm256_cvtps_epi32(x.v)}; }
inline Reals loadReals(const float* p) { return {_mm256_loadu_ps(p)}; }
inline Reals broadcastReal(float x) { return {_mm256_set1_ps(x)}; }
inline Reals zeroReals() { return {_mm256_setzero_ps()}; }
inline void storeReals(float* p, Reals x) { _mm256_storeu_ps(p, x.v); }
inline void storeInts(void* p, Ints x) { _mm256_storeu_si256(static_cast<__m256i*>(p), x.v); }
inline Ints addInts(Ints a, Ints b) { return {_mm256_add_epi32(a.v, b.v)}; }
inline Ints timesMinus128(Ints x) { return {_mm256_slli_epi32(_mm256_sub_epi32(_mm256_setzero_si256(), x.v), 7)}; }
inline Reals times(Reals a, Reals b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline Reals divided(Reals a, Reals b) { return {_mm256_div_ps(a.v, b.v)}; }
inline Reals fused(Reals a, Reals b, Reals c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
inline Reals zeroWhereBelow(Reals x, Reals bound, Reals y) { return {_mm256_and_ps(_mm256_cmp_ps(x.v, bound.v, _CMP_NLT_UQ), y.v)}; }
inline Reals zeroUnlessFinite(Ints size, Reals y) {
  return {_mm256_and_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(0x7f800000), size.v)), y.v)};
}
inline Reals nanUnlessFinite(Ints size, Reals y) {
  const __m256i finite = _mm256_cmpgt_epi32(_mm256_set1_epi32(0x7f800000), size.v);
  return {_mm256_blendv_ps(_mm256_castsi256_ps(_mm256_set1_epi32(0x7fc00000)), y.v, _mm256_castsi256_ps(finite))};
}
// Bytes of four steps in k, lane by lane: the lowest byte is x0's.
inline Ints interleaved(Ints x0, Ints x1, Ints x2, Ints x3) {
  const __m256i low = _mm256_set1_epi32(0xff);
  const __m256i ab = _mm256_or_si256(_mm256_and_si256(x0.v, low), _mm256_slli_epi32(_mm256_and_si256(x1.v, low), 8));
  const __m256i cd = _mm256_or_si256(_mm256_slli_epi32(_mm256_and_si256(x2.v, low), 16), _mm256_slli_epi32(x3.v, 24));
  return {_mm256_or_si256(ab, cd)};
}
inline int32_t largest(Ints x) {
  __m128i y = _mm_max_epi32(_mm256_castsi256_si128(x.v), _mm256_extracti128_si256(x.v, 1));
  y = _mm_max_epi32(y, _mm_shuffle_epi32(y, 0x4e));
  return _mm_cvtsi128_si32(_mm_max_epi32(y, _mm_shuffle_epi32(y, 0xb1)));
}
inline int32_t total(Ints x) {
  __m128i y = _mm_add_epi32(_mm256_castsi256_si128(x.v), _mm256_extracti128_si256(x.v, 1));
  y = _mm_add_epi32(y, _mm_shuffle_epi32(y, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(y, _mm_shuffle_epi32(y, 0xb1)));
}
// Four registers of whole numbers in -128 … 127 to one of their bytes, in order.
inline Ints packed(Ints a, Ints b, Ints c, Ints d) {
  const __m256i words = _mm256_packs_epi16(_mm256_packs_epi32(a.v, b.v), _mm256_packs_epi32(c.v, d.v));
  return {_mm256_permutevar8x32_epi32(words, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7))};
}
inline Ints flipped(Ints bytes, uint8_t flip) { return {_mm256_xor_si256(bytes.v, _mm256_set1_epi8(static_cast<char>(flip)))}; }
inline Ints ones() { return {_mm256_set1_epi8(1)}; }
inline Ints zeroInts() { return {_mm256_setzero_si256()}; }

}  // namespace
}  // namespace lathe

#include "kernels/gemm-int8/gemm-int8.inl"
#include "kernels/gemm-int8/vnni-steps.inl"

namespace lathe {

const GemmInt8Kernel& gemmInt8AvxVnni() {
  static constexpr GemmInt8Kernel kernel = {6, 0x80, quantiseRun, quantiseColumns, micro<6>};
  return kernel;
}

}  // namespace lathe
