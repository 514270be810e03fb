// The update over Vec, in the reference's order and without fused steps; included by one .cc an instruction set.
#include "kernels/adamw/adamw.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

inline void updateRange(const AdamwArrays& arrays, const AdamwScalars& s, int64_t begin, int64_t end) {
  const FloatArray param = {arrays.param, DType::F32}, grad = {const_cast<float*>(arrays.grad), DType::F32};
  const FloatArray ms = {arrays.m, DType::F32}, vs = {arrays.v, DType::F32};
  const Vec gradScale = broadcast(s.gradScale), decay = broadcast(s.decay), oneMinusBeta1 = broadcast(s.oneMinusBeta1);
  const Vec beta2 = broadcast(s.beta2), oneMinusBeta2 = broadcast(s.oneMinusBeta2);
  const Vec rootBias2 = broadcast(s.rootBias2), epsilon = broadcast(s.epsilon), stepSize = broadcast(s.stepSize);
  forVectors(begin, end, [&](int64_t i, int count) {
    const Vec g = load(grad, i, count) * gradScale, before = load(ms, i, count);
    const Vec m = before + oneMinusBeta1 * (g - before);
    const Vec v = load(vs, i, count) * beta2 + oneMinusBeta2 * g * g;
    const Vec denominator = sqrt(v) / rootBias2 + epsilon;
    store(ms, i, m, count);
    store(vs, i, v, count);
    store(param, i, load(param, i, count) * decay - stepSize * m / denominator, count);
  });
}

}  // namespace
}  // namespace lathe
