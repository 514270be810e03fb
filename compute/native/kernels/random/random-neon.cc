// Random kernels with four lanes.
#include "kernels/simd/neon.h"
// The kernel, written over what was just included.
#include "kernels/random/random.inl"

namespace lathe {

const RandomKernel& randomNeon() { return kKernel; }

}  // namespace lathe
