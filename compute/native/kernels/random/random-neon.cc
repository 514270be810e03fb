// Random kernels with four lanes.
#include "kernels/simd/neon.h"

namespace lathe {
namespace {

struct Words {
  uint32x4_t v;
};
using State = Words;
struct Products {
  uint64x2_t first, second;
};

inline State sameState(uint32_t x) { return {vdupq_n_u32(x)}; }
inline State countedState(uint32_t x) {
  const uint32_t words[4] = {x, x + 1, x + 2, x + 3};
  return {vld1q_u32(words)};
}
inline Products product(State a, uint32_t by) {
  const uint32x4_t factor = vdupq_n_u32(by);
  return {vmull_u32(vget_low_u32(a.v), vget_low_u32(factor)), vmull_high_u32(a.v, factor)};
}
inline State lowWords(Products p) { return {vuzp1q_u32(vreinterpretq_u32_u64(p.first), vreinterpretq_u32_u64(p.second))}; }
inline State mixed(Products p, State b, uint32_t k) {
  const uint32x4_t high = vuzp2q_u32(vreinterpretq_u32_u64(p.first), vreinterpretq_u32_u64(p.second));
  return {veorq_u32(high, veorq_u32(b.v, vdupq_n_u32(k)))};
}
inline Words inOrder(State a) { return a; }
inline Vec topBits(Words a) { return {vcvtq_f32_u32(vshrq_n_u32(a.v, 8))}; }
inline Mask atLeast(Words a, uint32_t x) { return {vcgeq_u32(a.v, vdupq_n_u32(x))}; }

}  // namespace
}  // namespace lathe

#include "kernels/random/random.inl"

namespace lathe {

const RandomKernel& randomNeon() { return kKernel; }

}  // namespace lathe
