// Attention in f32 products, NEON: register block of 6 x 16.
#include "kernels/attention/attention.h"

#include <math.h>

#include "kernels/simd/neon.h"

namespace lathe {
namespace {
constexpr int kTileRows = 6, kTileVecs = 4;
}
}  // namespace lathe

#include "kernels/attention/product.inl"
#include "kernels/attention/turn.inl"
#include "kernels/attention/panels.inl"
#include "kernels/attention/forward.inl"
#include "kernels/attention/backward.inl"

namespace lathe {

void attentionForwardNeon(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) { forwardUnit(call, unit, scratch); }
void attentionBackwardNeon(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) { backwardUnit(call, unit, scratch); }

}  // namespace lathe
