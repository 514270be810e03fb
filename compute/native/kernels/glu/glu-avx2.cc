// Gated units with eight lanes.
#include "kernels/simd/avx2.h"
// The kernel, written over what was just included.
#include "kernels/glu/glu.inl"

namespace lathe {

const GluKernel& gluAvx2() { return kKernel; }

}  // namespace lathe
