// Philox4x32-10 for sixteen counters side by side, plainly. random.inl has the same over vectors.
#pragma once
#include <stdint.h>

#include "kernels/random/random.h"

namespace lathe {
namespace {

constexpr int kPhiloxLanes = 16;
constexpr int kPhiloxGroup = 4 * kPhiloxLanes;
constexpr uint32_t kPhiloxM0 = 0xD2511F53u, kPhiloxM1 = 0xCD9E8D57u, kPhiloxW0 = 0x9E3779B9u, kPhiloxW1 = 0xBB67AE85u;

// The 64 words of group `group`: word w of lane l at [16 w + l].
inline void philoxGroup(const RandomKey& key, uint64_t group, uint32_t* words) {
  uint32_t *c0 = words, *c1 = words + kPhiloxLanes, *c2 = c1 + kPhiloxLanes, *c3 = c2 + kPhiloxLanes;
  for (int l = 0; l < kPhiloxLanes; ++l) {
    const uint64_t block = group * kPhiloxLanes;
    c0[l] = uint32_t(block) + uint32_t(l);  // never carries: a group starts at a multiple of 16
    c1[l] = uint32_t(block >> 32);
    c2[l] = uint32_t(key.stream);
    c3[l] = uint32_t(key.stream >> 32);
  }
  uint32_t k0 = uint32_t(key.seed), k1 = uint32_t(key.seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int l = 0; l < kPhiloxLanes; ++l) {
      const uint64_t p0 = uint64_t(c0[l]) * kPhiloxM0, p1 = uint64_t(c2[l]) * kPhiloxM1;
      c0[l] = uint32_t(p1 >> 32) ^ c1[l] ^ k0;
      c1[l] = uint32_t(p1);
      c2[l] = uint32_t(p0 >> 32) ^ c3[l] ^ k1;
      c3[l] = uint32_t(p0);
    }
    k0 += kPhiloxW0;
    k1 += kPhiloxW1;
  }
}

}  // namespace
}  // namespace lathe
