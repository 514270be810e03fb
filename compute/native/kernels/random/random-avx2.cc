// Random kernels with eight lanes.
#include "kernels/simd/avx2.h"
// The kernel, written over what was just included.
#include "kernels/random/random.inl"

namespace lathe {

const RandomKernel& randomAvx2() { return kKernel; }

}  // namespace lathe
