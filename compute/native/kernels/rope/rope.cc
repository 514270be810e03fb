// The table of rope and what all rows share: cos and sin once per token, not once per head.
#include "kernels/rope/rope.h"

#include <algorithm>
#include <cmath>

#include "core/threads.h"

namespace lathe {

#define ROPE_ROW(name, isa, tolerance, function) void function(const RopeCall&, int64_t, int64_t, const float*, const float*);
#include "kernels/rope/kernels.inc"
#undef ROPE_ROW

KernelTable<RopeRows>& ropeTable() {
#define ROPE_ROW(name, isa, tolerance, function) {#name, isa, tolerance, function},
  static auto* table = new KernelTable<RopeRows>("rope", {
#include "kernels/rope/kernels.inc"
                                                         });
#undef ROPE_ROW
  return *table;
}

namespace {

// Wide enough that two workers' angles share no cache line.
int64_t angleFloats(const RopeCall& call) { return (2 * kRopeRows * call.pairs + 15) / 16 * 16; }

void angles(const RopeCall& call, int64_t row, int64_t rowEnd, float* cosines, float* sines) {
  const float signedScale = call.inverse ? -call.scale : call.scale;
  for (int64_t t = row; t < rowEnd; ++t) {
    const float position = static_cast<float>(call.positions[t]);
    for (int64_t i = 0; i < call.pairs; ++i) {
      const double angle = position * call.inverseFrequency[i];
      *cosines++ = static_cast<float>(std::cos(angle)) * call.scale;
      *sines++ = static_cast<float>(std::sin(angle)) * signedScale;
    }
  }
}

}  // namespace

int64_t ropeScratchBytes(const RopeCall& call) { return 4 * threads() * angleFloats(call); }

void rope(const RopeCall& call, void* scratch) {
  const RopeRows run = ropeTable().function();
  parallelFor((call.rows + kRopeRows - 1) / kRopeRows, [&](int64_t block, int worker) {
    float* cosines = static_cast<float*>(scratch) + worker * angleFloats(call);
    float* sines = cosines + kRopeRows * call.pairs;
    const int64_t row = block * kRopeRows, rowEnd = std::min(call.rows, row + kRopeRows);
    angles(call, row, rowEnd, cosines, sines);
    run(call, row, rowEnd, cosines, sines);
  });
}

}  // namespace lathe
