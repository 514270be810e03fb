// int8 products with 512-bit vpdpbusd (AVX512-VNNI): tiles of 14 × 32, a whole panel, 28 of the 32 registers hold sums.
#include <string.h>

#include "kernels/gemm-int8/gemm-int8.h"
#include "kernels/simd/intrinsics.h"

namespace lathe {
namespace {

struct Ints {
  static constexpr int kLanes = 16;
  __m512i v;
};
struct Reals {
  __m512 v;
};

inline Ints loadInts(const void* p) { return {_mm512_loadu_si512(p)}; }
inline Ints broadcastInt(const void* p) { return {_mm512_set1_epi32(*static_cast<const int32_t*>(p))}; }
inline Ints dot(Ints sum, Ints u8, Ints s8) { return {_mm512_dpbusd_epi32(sum.v, u8.v, s8.v)}; }
inline Ints maxInts(Ints a, Ints b) { return {_mm512_max_epi32(a.v, b.v)}; }
inline Ints sizeBits(Reals x) { return {_mm512_and_si512(_mm512_castps_si512(x.v), _mm512_set1_epi32(0x7fffffff))}; }
inline Reals realsOf(Ints bits) { return {_mm512_castsi512_ps(bits.v)}; }
inline Reals toReals(Ints x) { return {_mm512_cvtepi32_ps(x.v)}; }
inline Ints roundInts(Reals x) { return {_mm512_cvtps_epi32(x.v)}; }
inline Reals loadReals(const float* p) { return {_mm512_loadu_ps(p)}; }
inline Reals broadcastReal(float x) { return {_mm512_set1_ps(x)}; }
inline Reals zeroReals() { return {_mm512_setzero_ps()}; }
inline void storeReals(float* p, Reals x) { _mm512_storeu_ps(p, x.v); }
inline void storeInts(void* p, Ints x) { _mm512_storeu_si512(p, x.v); }
inline Ints addInts(Ints a, Ints b) { return {_mm512_add_epi32(a.v, b.v)}; }
inline Ints timesMinus128(Ints x) { return {_mm512_slli_epi32(_mm512_sub_epi32(_mm512_setzero_si512(), x.v), 7)}; }
inline Reals times(Reals a, Reals b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline Reals divided(Reals a, Reals b) { return {_mm512_div_ps(a.v, b.v)}; }
inline Reals fused(Reals a, Reals b, Reals c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline Reals zeroWhereBelow(Reals x, Reals bound, Reals y) { return {_mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x.v, bound.v, _CMP_NLT_UQ), y.v)}; }
inline __mmask16 isFinite(Ints size) { return _mm512_cmplt_epi32_mask(size.v, _mm512_set1_epi32(0x7f800000)); }
inline Reals zeroUnlessFinite(Ints size, Reals y) { return {_mm512_maskz_mov_ps(isFinite(size), y.v)}; }
inline Reals nanUnlessFinite(Ints size, Reals y) {
  return {_mm512_mask_blend_ps(isFinite(size), _mm512_castsi512_ps(_mm512_set1_epi32(0x7fc00000)), y.v)};
}
// Bytes of four steps in k, lane by lane: the lowest byte is x0's.
inline Ints interleaved(Ints x0, Ints x1, Ints x2, Ints x3) {
  const __m512i low = _mm512_set1_epi32(0xff);
  const __m512i ab = _mm512_or_si512(_mm512_and_si512(x0.v, low), _mm512_slli_epi32(_mm512_and_si512(x1.v, low), 8));
  const __m512i cd = _mm512_or_si512(_mm512_slli_epi32(_mm512_and_si512(x2.v, low), 16), _mm512_slli_epi32(x3.v, 24));
  return {_mm512_or_si512(ab, cd)};
}
inline int32_t largest(Ints x) { return _mm512_reduce_max_epi32(x.v); }
inline int32_t total(Ints x) { return _mm512_reduce_add_epi32(x.v); }
// Four registers of whole numbers in -128 … 127 to one of their bytes, in order.
inline Ints packed(Ints a, Ints b, Ints c, Ints d) {
  const __m512i words = _mm512_packs_epi16(_mm512_packs_epi32(a.v, b.v), _mm512_packs_epi32(c.v, d.v));
  return {_mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), words)};
}
inline Ints flipped(Ints bytes, uint8_t flip) { return {_mm512_xor_si512(bytes.v, _mm512_set1_epi8(static_cast<char>(flip)))}; }
inline Ints ones() { return {_mm512_set1_epi8(1)}; }
inline Ints zeroInts() { return {_mm512_setzero_si512()}; }

}  // namespace
}  // namespace lathe

#include "kernels/gemm-int8/gemm-int8.inl"
#include "kernels/gemm-int8/vnni-steps.inl"

namespace lathe {

const GemmInt8Kernel& gemmInt8Avx512Vnni() {
  static constexpr GemmInt8Kernel kernel = {14, 0x80, quantiseRun, quantiseColumns, micro<14>};
  return kernel;
}

}  // namespace lathe
