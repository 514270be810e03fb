// Random kernels with sixteen lanes.
#include "kernels/simd/avx512.h"
// The kernel, written over what was just included.
#include "kernels/random/random.inl"

namespace lathe {

const RandomKernel& randomAvx512() { return kKernel; }

}  // namespace lathe
