// The scan with four lanes: register block of 6 x 16.
#include <math.h>

#include "kernels/simd/neon.h"

namespace lathe {
namespace {
constexpr int kTileRows = 6, kTileVecs = 4;
}
}  // namespace lathe

#include "kernels/attention/product.inl"
#include "kernels/state-space/turn.inl"
#include "kernels/state-space/panels.inl"
#include "kernels/state-space/forward.inl"
#include "kernels/state-space/backward.inl"

namespace lathe {

const StateSpaceKernel& stateSpaceNeon() { return kKernel; }

}  // namespace lathe
