// Eight floats in a register: AVX2 with FMA and F16C. Same names and meaning as avx512.h and neon.h; see there.
#pragma once
#include <immintrin.h>

#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

struct Vec {
  static constexpr int kLanes = 8;
  __m256 v;
};
// All bits of a lane set or none.
struct Mask {
  __m256 m;
};

inline Vec zeros() { return {_mm256_setzero_ps()}; }
inline Vec broadcast(float x) { return {_mm256_set1_ps(x)}; }
// 0, 1, 2 … in the lanes.
inline Vec lanes() { return {_mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7)}; }
inline Mask firstLanes(int count) {
  return {_mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)))};
}

inline Vec operator+(Vec a, Vec b) { return {_mm256_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm256_div_ps(a.v, b.v)}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }    // a·b + c
inline Vec fnma(Vec a, Vec b, Vec c) { return {_mm256_fnmadd_ps(a.v, b.v, c.v)}; }  // c - a·b
// NaN in b comes through.
inline Vec min(Vec a, Vec b) { return {_mm256_min_ps(a.v, b.v)}; }
inline Vec max(Vec a, Vec b) { return {_mm256_max_ps(a.v, b.v)}; }
inline Vec sqrt(Vec a) { return {_mm256_sqrt_ps(a.v)}; }
inline Vec abs(Vec a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
// To the nearest whole number, ties to even.
inline Vec round(Vec a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
inline Vec copySign(Vec magnitude, Vec sign) {
  const __m256 bit = _mm256_set1_ps(-0.0f);
  return {_mm256_or_ps(_mm256_and_ps(bit, sign.v), _mm256_andnot_ps(bit, magnitude.v))};
}
// a · 2^n for a whole n, |n| < 254, in two steps: over- and underflow as IEEE says.
inline Vec scaleByPowerOf2(Vec a, Vec n) {
  const __m256i whole = _mm256_cvtps_epi32(n.v), half = _mm256_srai_epi32(whole, 1), bias = _mm256_set1_epi32(127);
  const __m256 first = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(half, bias), 23));
  const __m256 second = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_sub_epi32(whole, half), bias), 23));
  return {_mm256_mul_ps(_mm256_mul_ps(a.v, first), second)};
}

inline Mask operator<(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask operator<=(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask operator>(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GT_OQ)}; }
inline Mask operator>=(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GE_OQ)}; }
inline Mask operator==(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask operator&(Mask a, Mask b) { return {_mm256_and_ps(a.m, b.m)}; }
inline Mask operator|(Mask a, Mask b) { return {_mm256_or_ps(a.m, b.m)}; }
inline bool any(Mask a) { return _mm256_movemask_ps(a.m) != 0; }
inline bool all(Mask a) { return _mm256_movemask_ps(a.m) == 0xff; }
inline Vec select(Mask mask, Vec yes, Vec no) { return {_mm256_blendv_ps(no.v, yes.v, mask.m)}; }

// 1, 0, 3, 2 … of the lanes.
inline Vec swapPairs(Vec a) { return {_mm256_permute_ps(a.v, 0xb1)}; }

// Horizontal, in one fixed order.
inline float sum(Vec a) {
  __m128 x = _mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  x = _mm_add_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
}
inline float maximum(Vec a) {
  __m128 x = _mm_max_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  x = _mm_max_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_max_ss(x, _mm_movehdup_ps(x)));
}

inline Vec fromBf16Bits(__m128i bits) { return {_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16))}; }
// Two-byte elements have no masked load in AVX2: the few of a tail go over the stack.
inline __m128i loadWords(const void* p, int count) {
  alignas(16) uint16_t words[8] = {};
  memcpy(words, p, size_t(count) * 2);
  return _mm_load_si128(reinterpret_cast<const __m128i*>(words));
}
inline Vec load(const float* p) { return {_mm256_loadu_ps(p)}; }
inline Vec load(const Bf16* p) { return fromBf16Bits(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))); }
inline Vec load(const Half* p) { return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))}; }
// The first `count` lanes (0 … kLanes); nothing behind them is read or written; the other lanes of a load are 0.
inline Vec loadPartial(const float* p, int count) { return {_mm256_maskload_ps(p, _mm256_castps_si256(firstLanes(count).m))}; }
inline Vec loadPartial(const Bf16* p, int count) { return fromBf16Bits(loadWords(p, count)); }
inline Vec loadPartial(const Half* p, int count) { return {_mm256_cvtph_ps(loadWords(p, count))}; }

// Round to nearest even, NaN kept quiet.
inline __m128i bf16Bits(Vec a) {
  const __m256i bits = _mm256_castps_si256(a.v);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  const __m256i rounded = _mm256_srli_epi32(_mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7fff)), odd), 16);
  const __m256i quiet = _mm256_or_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(0x40));
  const __m256i words = _mm256_blendv_epi8(rounded, quiet, _mm256_castps_si256(_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q)));
  return _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}
inline void store(float* p, Vec a) { _mm256_storeu_ps(p, a.v); }
inline void store(Bf16* p, Vec a) { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bf16Bits(a)); }
inline void storePartial(float* p, Vec a, int count) { _mm256_maskstore_ps(p, _mm256_castps_si256(firstLanes(count).m), a.v); }
inline void storePartial(Bf16* p, Vec a, int count) {
  alignas(16) uint16_t words[8];
  _mm_store_si128(reinterpret_cast<__m128i*>(words), bf16Bits(a));
  memcpy(p, words, size_t(count) * 2);
}

}  // namespace
}  // namespace lathe

#include "kernels/simd/math.inl"
