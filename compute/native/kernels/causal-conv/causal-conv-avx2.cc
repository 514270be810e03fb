// The convolution with eight lanes.
#include "kernels/simd/avx2.h"
// The kernel, written over what was just included.
#include "kernels/causal-conv/causal-conv.inl"

namespace lathe {

const ConvKernel& convAvx2() { return kKernel; }

}  // namespace lathe
