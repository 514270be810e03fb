// Attention in f32 products, AVX2: register block of 6 x 16.
#include "kernels/attention/attention.h"

#include <math.h>

#include "kernels/simd/avx2.h"

namespace lathe {
namespace {
constexpr int kTileRows = 6, kTileVecs = 2;
}
}  // namespace lathe

#include "kernels/attention/product.inl"
#include "kernels/attention/turn.inl"
#include "kernels/attention/panels.inl"
#include "kernels/attention/forward.inl"
#include "kernels/attention/backward.inl"

namespace lathe {

void attentionForwardAvx2(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) { forwardUnit(call, unit, scratch); }
void attentionBackwardAvx2(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) { backwardUnit(call, unit, scratch); }

}  // namespace lathe
