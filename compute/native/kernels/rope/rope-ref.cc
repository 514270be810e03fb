// Rope, one pair at a time. The oracle of the other rows.
#include "kernels/rope/rope.h"
#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

template <class Y, class X>
void turn(const RopeCall& call, int64_t row, int64_t rowEnd, const float* cosines, const float* sines) {
  const int64_t first = call.interleaved ? 2 : 1, second = call.interleaved ? 1 : call.pairs;
  for (int64_t t = row; t < rowEnd; ++t, cosines += call.pairs, sines += call.pairs) {
    for (int64_t head = 0; head < call.heads; ++head) {
      const int64_t at = (t * call.heads + head) * call.headSize;
      const X* x = static_cast<const X*>(call.x) + at;
      Y* y = static_cast<Y*>(call.y) + at;
      for (int64_t i = 0; i < call.pairs; ++i) {
        const float a = toFloat(x[i * first]), b = toFloat(x[i * first + second]);
        fromFloat(&y[i * first], a * cosines[i] - b * sines[i]);
        fromFloat(&y[i * first + second], b * cosines[i] + a * sines[i]);
      }
      for (int64_t d = 2 * call.pairs; d < call.headSize; ++d) fromFloat(&y[d], toFloat(x[d]));
    }
  }
}

}  // namespace

void ropeRef(const RopeCall& call, int64_t row, int64_t rowEnd, const float* cosines, const float* sines) {
  if (call.yBf16) {
    call.xBf16 ? turn<Bf16, Bf16>(call, row, rowEnd, cosines, sines) : turn<Bf16, float>(call, row, rowEnd, cosines, sines);
  } else {
    call.xBf16 ? turn<float, Bf16>(call, row, rowEnd, cosines, sines) : turn<float, float>(call, row, rowEnd, cosines, sines);
  }
}

}  // namespace lathe
