// Sixteen floats in a register: AVX-512 (F, BW, VL, DQ). Same names and meaning as avx2.h and neon.h, so that a kernel is written once
// against Vec in an .inl file and included by one .cc an instruction set. Everything is in an anonymous namespace, on purpose.
#pragma once
#include "kernels/simd/intrinsics.h"
#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

struct Vec {
  static constexpr int kLanes = 16;
  __m512 v;
};
struct Mask {
  __mmask16 m;
};

inline Vec zeros() { return {_mm512_setzero_ps()}; }
inline Vec broadcast(float x) { return {_mm512_set1_ps(x)}; }
// 0, 1, 2 … in the lanes.
inline Vec lanes() { return {_mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)}; }
inline Mask firstLanes(int count) { return {__mmask16(count >= 16 ? 0xffffu : (1u << count) - 1)}; }

inline Vec operator+(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }    // a·b + c
inline Vec fnma(Vec a, Vec b, Vec c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }  // c - a·b
// NaN in b comes through.
inline Vec min(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
inline Vec max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
inline Vec sqrt(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
inline Vec abs(Vec a) { return {_mm512_abs_ps(a.v)}; }
// To the nearest whole number, ties to even.
inline Vec round(Vec a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
inline Vec copySign(Vec magnitude, Vec sign) {
  const __m512i bit = _mm512_set1_epi32(int(0x80000000u));
  return {_mm512_castsi512_ps(_mm512_ternarylogic_epi32(bit, _mm512_castps_si512(sign.v), _mm512_castps_si512(magnitude.v), 0xca))};
}
// a · 2^n for a whole n; over- and underflow as IEEE says.
inline Vec scaleByPowerOf2(Vec a, Vec n) { return {_mm512_scalef_ps(a.v, n.v)}; }

inline Mask operator<(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask operator<=(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask operator>(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ)}; }
inline Mask operator>=(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_GE_OQ)}; }
inline Mask operator==(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask operator&(Mask a, Mask b) { return {__mmask16(a.m & b.m)}; }
inline Mask operator|(Mask a, Mask b) { return {__mmask16(a.m | b.m)}; }
inline bool any(Mask a) { return a.m != 0; }
inline bool all(Mask a) { return a.m == 0xffff; }
inline Vec select(Mask mask, Vec yes, Vec no) { return {_mm512_mask_blend_ps(mask.m, no.v, yes.v)}; }

// 1, 0, 3, 2 … of the lanes.
inline Vec swapPairs(Vec a) { return {_mm512_permute_ps(a.v, 0xb1)}; }

// Horizontal, in one fixed order.
inline float sum(Vec a) {
  const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(a.v), _mm512_extractf32x8_ps(a.v, 1));
  __m128 x = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  x = _mm_add_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
}
inline float maximum(Vec a) {
  const __m256 half = _mm256_max_ps(_mm512_castps512_ps256(a.v), _mm512_extractf32x8_ps(a.v, 1));
  __m128 x = _mm_max_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  x = _mm_max_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_max_ss(x, _mm_movehdup_ps(x)));
}

inline Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
inline Vec load(const Bf16* p) { return {_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))), 16))}; }
inline Vec load(const Half* p) { return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))}; }
// The first `count` lanes (0 … kLanes); nothing behind them is read or written; the other lanes of a load are 0.
inline Vec loadPartial(const float* p, int count) { return {_mm512_maskz_loadu_ps(firstLanes(count).m, p)}; }
inline Vec loadPartial(const Bf16* p, int count) {
  return {_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(firstLanes(count).m, p)), 16))};
}
inline Vec loadPartial(const Half* p, int count) { return {_mm512_cvtph_ps(_mm256_maskz_loadu_epi16(firstLanes(count).m, p))}; }

// Round to nearest even, NaN kept quiet; not vcvtneps2bf16, which flushes subnormals.
inline __m256i bf16Bits(Vec a) {
  const __m512i bits = _mm512_castps_si512(a.v);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd), 16);
  const __m512i quiet = _mm512_or_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(0x40));
  return _mm512_cvtepi32_epi16(_mm512_mask_blend_epi32(_mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q), rounded, quiet));
}
inline void store(float* p, Vec a) { _mm512_storeu_ps(p, a.v); }
inline void store(Bf16* p, Vec a) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), bf16Bits(a)); }
inline void storePartial(float* p, Vec a, int count) { _mm512_mask_storeu_ps(p, firstLanes(count).m, a.v); }
inline void storePartial(Bf16* p, Vec a, int count) { _mm256_mask_storeu_epi16(p, firstLanes(count).m, bf16Bits(a)); }

}  // namespace
}  // namespace lathe

#include "kernels/simd/math.inl"
