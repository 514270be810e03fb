// The AMX row over software tiles: the same source, so that every machine with AVX512-BF16 checks the algorithm. Only in test builds.
#include "kernels/attention/attention.h"

#include <math.h>

#include "kernels/simd/avx512.h"
#include "kernels/gemm/amx-emulation.h"

namespace lathe {
namespace {
constexpr int kTileRows = 6, kTileVecs = 4;
constexpr bool kTiles = true;
}  // namespace
}  // namespace lathe

#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/attention/product.inl"
#include "kernels/attention/turn-avx512.inl"
#include "kernels/attention/tiles.inl"
#include "kernels/attention/panels.inl"
#include "kernels/attention/forward.inl"
#include "kernels/attention/backward.inl"
#include "kernels/attention/pairs.inl"
#include "kernels/attention/forward-pairs.inl"
#include "kernels/attention/backward-pairs.inl"

namespace lathe {

void attentionForwardAmxEmulated(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) {
  const bool pairs = call.q.bf16 && call.k.bf16 && call.v.bf16;
  if (!pairs) return forwardUnit(call, unit, scratch);
  const TileScope tiles;
  forwardPairs(call, unit, scratch);
}

void attentionBackwardAmxEmulated(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) {
  const bool pairs = call.q.bf16 && call.k.bf16 && call.v.bf16 && call.dout.bf16;
  if (!pairs) return backwardUnit(call, unit, scratch);
  const TileScope tiles;
  backwardPairs(call, unit, scratch);
}

}  // namespace lathe
