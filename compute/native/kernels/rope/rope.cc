// The table of rope; rows of tokens in fixed blocks.
#include "kernels/rope/rope.h"

#include <algorithm>

#include "core/threads.h"

namespace lathe {

#define ROPE_ROW(name, isa, tolerance, function) void function(const RopeCall&, int64_t, int64_t, float*);
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

// cos and sin of a token, each once or twice a pair and up to the next whole vector; two workers' share no cache line.
int64_t scratchFloats(const RopeCall& call) { return 4 * ((call.pairs + 15) / 16 * 16); }

}  // namespace

int64_t ropeScratchBytes(const RopeCall& call) { return 4 * threads() * scratchFloats(call); }

void rope(const RopeCall& call, void* scratch) {
  const RopeRows run = ropeTable().function();
  parallelFor((call.rows + kRopeRows - 1) / kRopeRows, [&](int64_t block, int worker) {
    run(call, block * kRopeRows, std::min(call.rows, (block + 1) * kRopeRows), static_cast<float*>(scratch) + worker * scratchFloats(call));
  });
}

}  // namespace lathe
