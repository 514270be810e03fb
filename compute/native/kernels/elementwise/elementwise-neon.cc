// Elementwise kernels with four lanes.
#include "kernels/simd/neon.h"

namespace lathe {
namespace {

struct SquareSums {
  float64x2_t sums[8];

  SquareSums() {
    for (float64x2_t& sum : sums) sum = vdupq_n_f64(0);
  }
  // The square of an f32 is exact in f64, so that a fused addition rounds as a plain one does.
  void add(Vec x, int position) {
    const float64x2_t low = vcvt_f64_f32(vget_low_f32(x.v)), high = vcvt_high_f64_f32(x.v);
    float64x2_t* to = sums + position / 2;
    to[0] = vfmaq_f64(to[0], low, low);
    to[1] = vfmaq_f64(to[1], high, high);
  }
  double total() const {
    float64x2_t four[4];
    for (int i = 0; i < 4; ++i) four[i] = vaddq_f64(sums[i], sums[i + 4]);
    const float64x2_t two = vaddq_f64(vaddq_f64(four[0], four[2]), vaddq_f64(four[1], four[3]));
    return vgetq_lane_f64(two, 0) + vgetq_lane_f64(two, 1);
  }
};

}  // namespace
}  // namespace lathe

#include "kernels/elementwise/elementwise.inl"

namespace lathe {

const ElementwiseKernel& elementwiseNeon() { return kKernel; }

}  // namespace lathe
