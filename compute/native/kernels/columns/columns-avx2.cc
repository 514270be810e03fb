// Column factors and column sums with eight lanes.
#include "kernels/simd/avx2.h"
// The kernels, written over what was just included.
#include "kernels/columns/columns.inl"

namespace lathe {

const ColumnsKernel& columnsAvx2() { return kKernel; }

}  // namespace lathe
