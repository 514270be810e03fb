// int8 products with the dot product of Advanced SIMD (sdot): tiles of 8 × 8, a panel in quarters; 16 of the 32 registers hold sums, 8 hold A.
#include <arm_neon.h>
#include <string.h>

#include "kernels/gemm-int8/gemm-int8.h"

namespace lathe {
namespace {

struct Ints {
  static constexpr int kLanes = 4;
  int32x4_t v;
};
struct Reals {
  float32x4_t v;
};

inline int8x16_t loadBytes(const void* p) { return vld1q_s8(static_cast<const int8_t*>(p)); }
inline Ints loadInts(const void* p) { return {vreinterpretq_s32_s8(loadBytes(p))}; }
inline Ints broadcastInt(const void* p) { return {vdupq_n_s32(*static_cast<const int32_t*>(p))}; }
inline Ints dot(Ints sum, Ints a, Ints b) { return {vdotq_s32(sum.v, vreinterpretq_s8_s32(a.v), vreinterpretq_s8_s32(b.v))}; }
inline Ints maxInts(Ints a, Ints b) { return {vmaxq_s32(a.v, b.v)}; }
inline Ints sizeBits(Reals x) { return {vandq_s32(vreinterpretq_s32_f32(x.v), vdupq_n_s32(0x7fffffff))}; }
inline Reals realsOf(Ints bits) { return {vreinterpretq_f32_s32(bits.v)}; }
inline Reals toReals(Ints x) { return {vcvtq_f32_s32(x.v)}; }
inline Ints roundInts(Reals x) { return {vcvtnq_s32_f32(x.v)}; }
inline Reals loadReals(const float* p) { return {vld1q_f32(p)}; }
inline Reals broadcastReal(float x) { return {vdupq_n_f32(x)}; }
inline Reals zeroReals() { return {vdupq_n_f32(0)}; }
inline void storeReals(float* p, Reals x) { vst1q_f32(p, x.v); }
inline void storeInts(void* p, Ints x) { vst1q_s8(static_cast<int8_t*>(p), vreinterpretq_s8_s32(x.v)); }
inline Ints timesMinus128(Ints x) { return {vshlq_n_s32(vnegq_s32(x.v), 7)}; }
inline Reals times(Reals a, Reals b) { return {vmulq_f32(a.v, b.v)}; }
inline Reals divided(Reals a, Reals b) { return {vdivq_f32(a.v, b.v)}; }
inline Reals fused(Reals a, Reals b, Reals c) { return {vfmaq_f32(c.v, a.v, b.v)}; }
inline Reals only(uint32x4_t where, Reals y) { return {vreinterpretq_f32_u32(vandq_u32(where, vreinterpretq_u32_f32(y.v)))}; }
inline Reals zeroWhereBelow(Reals x, Reals bound, Reals y) { return only(vmvnq_u32(vcltq_f32(x.v, bound.v)), y); }
inline uint32x4_t isFinite(Ints size) { return vcltq_s32(size.v, vdupq_n_s32(0x7f800000)); }
inline Reals zeroUnlessFinite(Ints size, Reals y) { return only(isFinite(size), y); }
inline Reals nanUnlessFinite(Ints size, Reals y) { return {vbslq_f32(isFinite(size), y.v, vreinterpretq_f32_u32(vdupq_n_u32(0x7fc00000)))}; }
// Bytes of four steps in k, lane by lane: the lowest byte is x0's.
inline Ints interleaved(Ints x0, Ints x1, Ints x2, Ints x3) {
  return {vsliq_n_s32(vsliq_n_s32(vsliq_n_s32(x0.v, x1.v, 8), x2.v, 16), x3.v, 24)};
}
inline int32_t largest(Ints x) { return vmaxvq_s32(x.v); }
inline int32_t total(Ints x) { return vaddvq_s32(x.v); }
// Four registers of whole numbers in -128 … 127 to one of their bytes, in order.
inline Ints packed(Ints a, Ints b, Ints c, Ints d) {
  const int16x8_t low = vcombine_s16(vmovn_s32(a.v), vmovn_s32(b.v)), high = vcombine_s16(vmovn_s32(c.v), vmovn_s32(d.v));
  return {vreinterpretq_s32_s8(vcombine_s8(vmovn_s16(low), vmovn_s16(high)))};
}
inline Ints flipped(Ints bytes, uint8_t flip) { return {veorq_s32(bytes.v, vreinterpretq_s32_u8(vdupq_n_u8(flip)))}; }
inline Ints ones() { return {vreinterpretq_s32_s8(vdupq_n_s8(1))}; }
inline Ints zeroInts() { return {vdupq_n_s32(0)}; }

}  // namespace
}  // namespace lathe

#include "kernels/gemm-int8/gemm-int8.inl"

namespace lathe {
namespace {

inline Ints startOf(const int32_t*) { return zeroInts(); }

constexpr int kStepsALoad = 4;  // of A: one of its registers has a row's bytes of so many steps, and a step takes a lane of it

template <int lane, int... row>
[[gnu::always_inline]] inline void addLane(Pair (&whole)[sizeof...(row)], const int8x16_t (&a)[sizeof...(row)], const int8_t* bytes, Indices<row...>) {
  const int8x16_t first = loadBytes(bytes), second = loadBytes(bytes + Ints::kLanes * kInt8Step);
  ((whole[row].first.v = vdotq_laneq_s32(whole[row].first.v, first, a[row], lane)), ...);
  ((whole[row].second.v = vdotq_laneq_s32(whole[row].second.v, second, a[row], lane)), ...);
}

// What is behind the last step is 0 in the panel, up to a whole block.
template <int... row>
[[gnu::always_inline]] inline void addSteps(Pair (&whole)[sizeof...(row)], Steps steps, Indices<row...> rows) {
  constexpr int64_t kLine = kInt8Step * kInt8Columns;
  for (; steps.count > 0; steps.count -= kStepsALoad) {
    const int8x16_t a[] = {loadBytes(steps.a + row * steps.stride)...};
    addLane<0>(whole, a, steps.bytes, rows);
    addLane<1>(whole, a, steps.bytes + kLine, rows);
    addLane<2>(whole, a, steps.bytes + 2 * kLine, rows);
    addLane<3>(whole, a, steps.bytes + 3 * kLine, rows);
    steps.a += kStepsALoad * kInt8Step, steps.bytes += kStepsALoad * kLine;
  }
}

}  // namespace

const GemmInt8Kernel& gemmInt8DotProd() {
  static constexpr GemmInt8Kernel kernel = {8, 0, quantiseRun, quantiseColumns, micro<8>};
  return kernel;
}

}  // namespace lathe
