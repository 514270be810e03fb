// The norm with eight lanes.
#include "kernels/simd/avx2.h"
// The kernel, written over what was just included.
#include "kernels/rmsnorm/rmsnorm.inl"

namespace lathe {

const RmsnormKernel& rmsnormAvx2() { return kKernel; }

}  // namespace lathe
