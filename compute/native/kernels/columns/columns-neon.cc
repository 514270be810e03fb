// Column factors and column sums with four lanes.
#include "kernels/simd/neon.h"
// The kernels, written over what was just included.
#include "kernels/columns/columns.inl"

namespace lathe {

const ColumnsKernel& columnsNeon() { return kKernel; }

}  // namespace lathe
