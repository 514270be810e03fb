// The convolution with four lanes.
#include "kernels/simd/neon.h"
// The kernel, written over what was just included.
#include "kernels/causal-conv/causal-conv.inl"

namespace lathe {

const ConvKernel& convNeon() { return kKernel; }

}  // namespace lathe
