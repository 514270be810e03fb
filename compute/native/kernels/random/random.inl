// Random kernels over Vec; included by one .cc an instruction set. Words are made sixteen blocks at a time, factors and values by plain loops
// that vectorise, loads and stores by Vec.
#include "kernels/random/philox.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

void dropoutRange(const Dropout& args, int64_t begin, int64_t end) {
  const FloatArray y = args.y, x = args.x;
  const float scale = args.scale;
  // In 32 bits: a threshold of 2^32, which the largest p < 1 rounds up to, drops everything.
  const bool none = args.threshold > 0xffffffffu;
  const uint32_t threshold = uint32_t(args.threshold);
  alignas(64) uint32_t words[kPhiloxGroup];
  alignas(64) float factors[kPhiloxGroup];
  for (int64_t start = begin; start < end; start += kPhiloxGroup) {
    philoxGroup(args.key, uint64_t(start) / kPhiloxGroup, words);
    for (int i = 0; i < kPhiloxGroup; ++i) factors[i] = words[i] >= threshold && !none ? scale : 0.0f;
    const int64_t stop = start + kPhiloxGroup < end ? start + kPhiloxGroup : end;
    forVectors(start, stop, [&](int64_t i, int count) { store(y, i, load(x, i, count) * load(factors + (i - start)), count); });
  }
}

void uniformRange(const RandomUniform& args, int64_t begin, int64_t end) {
  const FloatArray out = args.out;
  const Vec low = broadcast(args.low), range = broadcast(args.range), below = broadcast(args.below);
  alignas(64) uint32_t words[kPhiloxGroup];
  alignas(64) float units[kPhiloxGroup];
  for (int64_t start = begin; start < end; start += kPhiloxGroup) {
    philoxGroup(args.key, uint64_t(start) / kPhiloxGroup, words);
    for (int i = 0; i < kPhiloxGroup; ++i) units[i] = float(int32_t(words[i] >> 8)) * 5.9604644775390625e-8f;  // 2^-24
    const int64_t stop = start + kPhiloxGroup < end ? start + kPhiloxGroup : end;
    forVectors(start, stop, [&](int64_t i, int count) { store(out, i, min(low + range * load(units + (i - start)), below), count); });
  }
}

constexpr RandomKernel kKernel = {dropoutRange, uniformRange};

}  // namespace
}  // namespace lathe
