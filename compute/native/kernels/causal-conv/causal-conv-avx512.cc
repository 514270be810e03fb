// The convolution with sixteen lanes.
#include "kernels/simd/avx512.h"
// The kernel, written over what was just included.
#include "kernels/causal-conv/causal-conv.inl"

namespace lathe {

const ConvKernel& convAvx512() { return kKernel; }

}  // namespace lathe
