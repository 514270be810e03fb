// Gated units with sixteen lanes.
#include "kernels/simd/avx512.h"
// The kernel, written over what was just included.
#include "kernels/glu/glu.inl"

namespace lathe {

const GluKernel& gluAvx512() { return kKernel; }

}  // namespace lathe
