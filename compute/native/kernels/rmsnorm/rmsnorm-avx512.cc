// The norm with sixteen lanes.
#include "kernels/simd/avx512.h"
// The kernel, written over what was just included.
#include "kernels/rmsnorm/rmsnorm.inl"

namespace lathe {

const RmsnormKernel& rmsnormAvx512() { return kKernel; }

}  // namespace lathe
