// Attention in f32 products, AVX-512: register block of 6 x 64.
#include "kernels/attention/attention.h"

#include <math.h>

#include "kernels/simd/avx512.h"

namespace lathe {
namespace {
constexpr int kTileRows = 6, kTileVecs = 4;
}
}  // namespace lathe

#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/attention/product.inl"
#include "kernels/attention/turn-avx512.inl"
#include "kernels/attention/panels.inl"
#include "kernels/attention/forward.inl"
#include "kernels/attention/backward.inl"

namespace lathe {

void attentionForwardAvx512(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) { forwardUnit(call, unit, scratch); }
void attentionBackwardAvx512(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) { backwardUnit(call, unit, scratch); }

}  // namespace lathe
