// Attention with bf16 products in AMX tiles where all of q, k, v (and dO) are bf16; f32 products as in attention-avx512.cc where not.
// Whether the process may use tiles is asked in core/cpu-features.cc.
#include "kernels/attention/attention.h"

#include <math.h>

#include "kernels/simd/avx512.h"

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

void attentionForwardAmx(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) {
  const bool pairs = call.q.bf16 && call.k.bf16 && call.v.bf16;
  if (!pairs) return forwardUnit(call, unit, scratch);
  const TileScope tiles;
  forwardPairs(call, unit, scratch);
}

void attentionBackwardAmx(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) {
  const bool pairs = call.q.bf16 && call.k.bf16 && call.v.bf16 && call.dout.bf16;
  if (!pairs) return backwardUnit(call, unit, scratch);
  const TileScope tiles;
  backwardPairs(call, unit, scratch);
}

}  // namespace lathe
