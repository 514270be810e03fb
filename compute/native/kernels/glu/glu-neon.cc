// Gated units with four lanes.
#include "kernels/simd/neon.h"
// The kernel, written over what was just included.
#include "kernels/glu/glu.inl"

namespace lathe {

const GluKernel& gluNeon() { return kKernel; }

}  // namespace lathe
