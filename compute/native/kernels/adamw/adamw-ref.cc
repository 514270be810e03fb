// The update one element at a time: the oracle of the other rows and the fallback everywhere.
#include <math.h>

#include "kernels/adamw/adamw.h"

namespace lathe {

void adamwRef(const AdamwArrays& arrays, const AdamwScalars& s, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    const float g = arrays.grad[i] * s.gradScale;
    const float m = arrays.m[i] + s.oneMinusBeta1 * (g - arrays.m[i]);
    const float v = arrays.v[i] * s.beta2 + s.oneMinusBeta2 * g * g;
    const float denominator = sqrtf(v) / s.rootBias2 + s.epsilon;
    arrays.m[i] = m;
    arrays.v[i] = v;
    arrays.param[i] = arrays.param[i] * s.decay - s.stepSize * m / denominator;
  }
}

}  // namespace lathe
