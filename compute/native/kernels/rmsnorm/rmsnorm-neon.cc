// The norm with four lanes.
#include "kernels/simd/neon.h"
// The kernel, written over what was just included.
#include "kernels/rmsnorm/rmsnorm.inl"

namespace lathe {

const RmsnormKernel& rmsnormNeon() { return kKernel; }

}  // namespace lathe
