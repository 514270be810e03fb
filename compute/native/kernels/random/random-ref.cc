// One element at a time, as the contract reads: the oracle of the other rows and the fallback everywhere.
#include "kernels/random/philox.h"

namespace lathe {
namespace {

// body(element, word) over [begin, end).
template <class Body>
void forWords(const RandomKey& key, int64_t begin, int64_t end, Body body) {
  uint32_t words[kPhiloxGroup];
  for (int64_t start = begin; start < end; start += kPhiloxGroup) {
    philoxGroup(key, uint64_t(start) / kPhiloxGroup, words);
    for (int i = 0; i < kPhiloxGroup && start + i < end; ++i) body(start + i, words[i]);
  }
}

void dropoutRange(const Dropout& args, int64_t begin, int64_t end) {
  forWords(args.key, begin, end, [&](int64_t i, uint32_t word) { set(args.y, i, get(args.x, i) * (word >= args.threshold ? args.scale : 0.0f)); });
}

void uniformRange(const RandomUniform& args, int64_t begin, int64_t end) {
  forWords(args.key, begin, end, [&](int64_t i, uint32_t word) {
    const float value = args.low + args.range * (float(word >> 8) * 5.9604644775390625e-8f);  // 2^-24
    set(args.out, i, value < args.below ? value : args.below);
  });
}

}  // namespace

const RandomKernel& randomRef() {
  static constexpr RandomKernel kernel = {dropoutRange, uniformRange};
  return kernel;
}

}  // namespace lathe
