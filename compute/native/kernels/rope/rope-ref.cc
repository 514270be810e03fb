// Rope, one pair at a time, angles by the library's cos and sin in double. The oracle of the other rows.
#include <math.h>

#include "kernels/rope/rope.h"
#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

template <class Y, class X>
void turn(const RopeCall& call, int64_t t, const float* cosines, const float* sines) {
  const int64_t step = call.interleaved ? 2 : 1, other = call.interleaved ? 1 : call.pairs;
  for (int64_t head = 0; head < call.heads; ++head) {
    const int64_t at = (t * call.heads + head) * call.headSize;
    const X* x = static_cast<const X*>(call.x) + at;
    Y* y = static_cast<Y*>(call.y) + at;
    for (int64_t i = 0; i < call.pairs; ++i) {
      const float a = toFloat(x[i * step]), b = toFloat(x[i * step + other]);
      fromFloat(&y[i * step], a * cosines[i] - b * sines[i]);
      fromFloat(&y[i * step + other], b * cosines[i] + a * sines[i]);
    }
    for (int64_t d = 2 * call.pairs; d < call.headSize; ++d) fromFloat(&y[d], toFloat(x[d]));
  }
}

}  // namespace

void ropeRef(const RopeCall& call, int64_t row, int64_t rowEnd, float* scratch) {
  float *cosines = scratch, *sines = scratch + call.pairs;
  const float signedScale = call.inverse ? -call.scale : call.scale;
  for (int64_t t = row; t < rowEnd; ++t) {
    for (int64_t i = 0; i < call.pairs; ++i) {
      const float angle = static_cast<float>(call.positions[t]) * call.inverseFrequency[i];
      cosines[i] = static_cast<float>(cos(double(angle))) * call.scale;
      sines[i] = static_cast<float>(sin(double(angle))) * signedScale;
    }
    if (call.yBf16) {
      call.xBf16 ? turn<Bf16, Bf16>(call, t, cosines, sines) : turn<Bf16, float>(call, t, cosines, sines);
    } else {
      call.xBf16 ? turn<float, Bf16>(call, t, cosines, sines) : turn<float, float>(call, t, cosines, sines);
    }
  }
}

}  // namespace lathe
