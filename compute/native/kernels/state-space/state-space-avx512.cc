// The scan with sixteen lanes: register block of 6 x 64.
#include <math.h>

#include "kernels/simd/avx512.h"

namespace lathe {
namespace {
constexpr int kTileRows = 6, kTileVecs = 4;
}
}  // namespace lathe

#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/attention/product.inl"
#include "kernels/state-space/turn-avx512.inl"
#include "kernels/state-space/panels.inl"
#include "kernels/state-space/forward.inl"
#include "kernels/state-space/backward.inl"

namespace lathe {

const StateSpaceKernel& stateSpaceAvx512() { return kKernel; }

}  // namespace lathe
