// Random kernels over Vec; included by one .cc an instruction set, which defines first, for kLanes 32-bit words at a time,
//   State     words in the order that suits multiplication: sameState(x), countedState(x): x, x + 1, …
//   Products  product(a, m): 64 bits each; lowWords(p); mixed(p, b, k): their high words ^ b ^ k
//   Words     inOrder(state); topBits(words): the upper 24 bits as floats; atLeast(words, x): the Mask of lanes >= x, unsigned
#include "kernels/random/philox.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

constexpr int kVectors = kPhiloxLanes / Vec::kLanes;

// The words of philoxGroup in the same order: vector v of word w at [w · kVectors + v].
inline void philoxVectors(const RandomKey& key, uint64_t group, State* words) {
  const uint64_t block = group * kPhiloxLanes;
  State *c0 = words, *c1 = c0 + kVectors, *c2 = c1 + kVectors, *c3 = c2 + kVectors;
  for (int v = 0; v < kVectors; ++v) {
    c0[v] = countedState(uint32_t(block) + uint32_t(v * Vec::kLanes));
    c1[v] = sameState(uint32_t(block >> 32));
    c2[v] = sameState(uint32_t(key.stream));
    c3[v] = sameState(uint32_t(key.stream >> 32));
  }
  uint32_t k0 = uint32_t(key.seed), k1 = uint32_t(key.seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int v = 0; v < kVectors; ++v) {
      const Products p0 = product(c0[v], kPhiloxM0), p1 = product(c2[v], kPhiloxM1);
      c0[v] = mixed(p1, c1[v], k0);
      c1[v] = lowWords(p1);
      c2[v] = mixed(p0, c3[v], k1);
      c3[v] = lowWords(p0);
    }
    k0 += kPhiloxW0;
    k1 += kPhiloxW1;
  }
}

// body(element, count, words) for each vector of [begin, end).
template <class Body>
inline void forWords(const RandomKey& key, int64_t begin, int64_t end, Body body) {
  State words[4 * kVectors];
  int64_t start = begin;
  for (; start + kPhiloxGroup <= end; start += kPhiloxGroup) {
    philoxVectors(key, uint64_t(start) / kPhiloxGroup, words);
    for (int v = 0; v < 4 * kVectors; ++v) body(start + v * Vec::kLanes, Vec::kLanes, inOrder(words[v]));
  }
  if (start == end) return;
  philoxVectors(key, uint64_t(start) / kPhiloxGroup, words);
  int v = 0;
  forVectors(start, end, [&](int64_t i, int count) { body(i, count, inOrder(words[v++])); });
}

void dropoutRange(const Dropout& args, int64_t begin, int64_t end) {
  const FloatArray y = args.y, x = args.x;
  // A threshold of 2^32, which the largest p < 1 rounds up to, drops everything.
  const Vec scale = broadcast(args.threshold > 0xffffffffu ? 0.0f : args.scale);
  const uint32_t threshold = uint32_t(args.threshold);
  forWords(args.key, begin, end, [&](int64_t i, int count, Words words) {
    store(y, i, load(x, i, count) * select(atLeast(words, threshold), scale, zeros()), count);
  });
}

void uniformRange(const RandomUniform& args, int64_t begin, int64_t end) {
  const FloatArray out = args.out;
  const Vec low = broadcast(args.low), range = broadcast(args.range), below = broadcast(args.below);
  const Vec unit = broadcast(5.9604644775390625e-8f);  // 2^-24
  forWords(args.key, begin, end, [&](int64_t i, int count, Words words) {
    store(out, i, min(low + range * (topBits(words) * unit), below), count);
  });
}

constexpr RandomKernel kKernel = {dropoutRange, uniformRange};

}  // namespace
}  // namespace lathe
