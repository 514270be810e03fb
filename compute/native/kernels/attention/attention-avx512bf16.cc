// Attention with bf16 products (vdpbf16ps) where all of q, k, v (and dO) are bf16; f32 products as in attention-avx512.cc where not.
#include "kernels/attention/attention.h"

#include <math.h>

#include "kernels/simd/avx512.h"

namespace lathe {
namespace {
constexpr int kTileRows = 6, kTileVecs = 4;
constexpr bool kTiles = false;
}
}  // namespace lathe

#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/attention/product.inl"
#include "kernels/attention/turn-avx512.inl"
#include "kernels/attention/no-tiles.inl"
#include "kernels/attention/panels.inl"
#include "kernels/attention/forward.inl"
#include "kernels/attention/backward.inl"
#include "kernels/attention/pairs.inl"
#include "kernels/attention/forward-pairs.inl"
#include "kernels/attention/backward-pairs.inl"

namespace lathe {

void attentionForwardAvx512Bf16(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) {
  const bool pairs = call.q.bf16 && call.k.bf16 && call.v.bf16;
  pairs ? forwardPairs(call, unit, scratch) : forwardUnit(call, unit, scratch);
}

void attentionBackwardAvx512Bf16(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) {
  const bool pairs = call.q.bf16 && call.k.bf16 && call.v.bf16 && call.dout.bf16;
  pairs ? backwardPairs(call, unit, scratch) : backwardUnit(call, unit, scratch);
}

}  // namespace lathe
