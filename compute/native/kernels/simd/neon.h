// Four floats in a register: ARMv8 Advanced SIMD. Same names and meaning as avx512.h and avx2.h; see there.
#pragma once
#include <arm_neon.h>

#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

struct Vec {
  static constexpr int kLanes = 4;
  float32x4_t v;
};
// All bits of a lane set or none.
struct Mask {
  uint32x4_t m;
};

inline Vec zeros() { return {vdupq_n_f32(0)}; }
inline Vec broadcast(float x) { return {vdupq_n_f32(x)}; }
// 0, 1, 2 … in the lanes.
inline Vec lanes() {
  const float order[4] = {0, 1, 2, 3};
  return {vld1q_f32(order)};
}
inline Mask firstLanes(int count) { return {vcltq_f32(lanes().v, vdupq_n_f32(float(count)))}; }

inline Vec operator+(Vec a, Vec b) { return {vaddq_f32(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {vsubq_f32(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {vmulq_f32(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {vdivq_f32(a.v, b.v)}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {vfmaq_f32(c.v, a.v, b.v)}; }   // a·b + c
inline Vec fnma(Vec a, Vec b, Vec c) { return {vfmsq_f32(c.v, a.v, b.v)}; }  // c - a·b
// NaN in b comes through (here NaN in a does, too).
inline Vec min(Vec a, Vec b) { return {vminq_f32(a.v, b.v)}; }
inline Vec max(Vec a, Vec b) { return {vmaxq_f32(a.v, b.v)}; }
inline Vec sqrt(Vec a) { return {vsqrtq_f32(a.v)}; }
inline Vec abs(Vec a) { return {vabsq_f32(a.v)}; }
// To the nearest whole number, ties to even.
inline Vec round(Vec a) { return {vrndnq_f32(a.v)}; }
inline Vec copySign(Vec magnitude, Vec sign) { return {vbslq_f32(vdupq_n_u32(0x80000000u), sign.v, magnitude.v)}; }
// a · 2^n for a whole n, |n| < 254, in two steps: over- and underflow as IEEE says.
inline Vec scaleByPowerOf2(Vec a, Vec n) {
  const int32x4_t whole = vcvtq_s32_f32(n.v), half = vshrq_n_s32(whole, 1), bias = vdupq_n_s32(127);
  const float32x4_t first = vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(half, bias), 23));
  const float32x4_t second = vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(whole, half), bias), 23));
  return {vmulq_f32(vmulq_f32(a.v, first), second)};
}

inline Mask operator<(Vec a, Vec b) { return {vcltq_f32(a.v, b.v)}; }
inline Mask operator<=(Vec a, Vec b) { return {vcleq_f32(a.v, b.v)}; }
inline Mask operator>(Vec a, Vec b) { return {vcgtq_f32(a.v, b.v)}; }
inline Mask operator>=(Vec a, Vec b) { return {vcgeq_f32(a.v, b.v)}; }
inline Mask operator==(Vec a, Vec b) { return {vceqq_f32(a.v, b.v)}; }
inline Mask operator&(Mask a, Mask b) { return {vandq_u32(a.m, b.m)}; }
inline Mask operator|(Mask a, Mask b) { return {vorrq_u32(a.m, b.m)}; }
inline bool any(Mask a) { return vmaxvq_u32(a.m) != 0; }
inline bool all(Mask a) { return vminvq_u32(a.m) == 0xffffffffu; }
inline Vec select(Mask mask, Vec yes, Vec no) { return {vbslq_f32(mask.m, yes.v, no.v)}; }

// 1, 0, 3, 2 … of the lanes.
inline Vec swapPairs(Vec a) { return {vrev64q_f32(a.v)}; }

// Horizontal, in one fixed order.
inline float sum(Vec a) { return vaddvq_f32(a.v); }
inline float maximum(Vec a) { return vmaxvq_f32(a.v); }

inline Vec fromBf16Bits(uint16x4_t bits) { return {vreinterpretq_f32_u32(vshlq_n_u32(vmovl_u16(bits), 16))}; }
inline Vec load(const float* p) { return {vld1q_f32(p)}; }
inline Vec load(const Bf16* p) { return fromBf16Bits(vld1_u16(&p->bits)); }
inline Vec load(const Half* p) { return {vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(&p->bits)))}; }
// The first `count` lanes (0 … kLanes); nothing behind them is read or written; the other lanes of a load are 0.
template <class T>
inline Vec loadPartial(const T* p, int count) {
  T elements[4] = {};
  memcpy(elements, p, size_t(count) * sizeof(T));
  return load(elements);
}

// Round to nearest even, NaN kept quiet.
inline uint16x4_t bf16Bits(Vec a) {
  const uint32x4_t bits = vreinterpretq_u32_f32(a.v), high = vshrq_n_u32(bits, 16);
  const uint32x4_t rounded = vshrq_n_u32(vaddq_u32(vaddq_u32(bits, vdupq_n_u32(0x7fff)), vandq_u32(high, vdupq_n_u32(1))), 16);
  const uint32x4_t quiet = vorrq_u32(high, vdupq_n_u32(0x40));
  return vmovn_u32(vbslq_u32(vceqq_f32(a.v, a.v), rounded, quiet));
}
inline void store(float* p, Vec a) { vst1q_f32(p, a.v); }
inline void store(Bf16* p, Vec a) { vst1_u16(&p->bits, bf16Bits(a)); }
template <class T>
inline void storePartial(T* p, Vec a, int count) {
  T elements[4];
  store(elements, a);
  memcpy(p, elements, size_t(count) * sizeof(T));
}

}  // namespace
}  // namespace lathe

#include "kernels/simd/math.inl"
