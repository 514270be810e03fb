// The table of random kernels, how elements are cut over the threads, and normal numbers.
#include "kernels/random/random.h"

#include <cmath>

#include "core/kernel-table.h"
#include "kernels/elementwise/chunks.h"
#include "kernels/random/philox.h"

namespace lathe {
namespace {

static_assert(kChunkElements % kPhiloxGroup == 0, "a chunk is a whole number of groups");

// Box & Muller (1958): two normal numbers from two words. The first word is moved into (0, 1], so that its logarithm is finite.
void normalPair(uint32_t first, uint32_t second, double* z0, double* z1) {
  constexpr double kUnit = 1.0 / 4294967296.0, kTwoPi = 6.283185307179586476925;
  const double radius = std::sqrt(-2 * std::log((double(first) + 1) * kUnit)), angle = kTwoPi * (double(second) * kUnit);
  *z0 = radius * std::cos(angle);
  *z1 = radius * std::sin(angle);
}

void normalRange(const RandomNormal& args, int64_t begin, int64_t end) {
  uint32_t words[kPhiloxGroup];
  double z[kPhiloxGroup];
  for (int64_t start = begin; start < end; start += kPhiloxGroup) {
    philoxGroup(args.key, static_cast<uint64_t>(start) / kPhiloxGroup, words);
    for (int l = 0; l < kPhiloxLanes; ++l)
      for (int at = l; at < kPhiloxGroup; at += 2 * kPhiloxLanes) normalPair(words[at], words[at + kPhiloxLanes], z + at, z + at + kPhiloxLanes);
    for (int i = 0; i < kPhiloxGroup && start + i < end; ++i) set(args.out, start + i, static_cast<float>(args.mean + args.deviation * z[i]));
  }
}

}  // namespace

const KernelTable<RandomRow>& randomTable() {
  static const KernelTable<RandomRow>* table = new KernelTable<RandomRow>("random", {
#include "kernels/random/kernels.inc"
                                                                                    });
  return *table;
}

void dropout(const Dropout& args, int64_t elements) {
  const RandomKernel& kernel = randomTable().function()();
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { kernel.dropout(args, begin, end); });
}

void randomUniform(const RandomUniform& args, int64_t elements) {
  const RandomKernel& kernel = randomTable().function()();
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { kernel.uniform(args, begin, end); });
}

void randomNormal(const RandomNormal& args, int64_t elements) {
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { normalRange(args, begin, end); });
}

}  // namespace lathe
