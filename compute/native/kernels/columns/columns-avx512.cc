// Column factors and column sums with sixteen lanes.
#include "kernels/simd/avx512.h"
// The kernels, written over what was just included.
#include "kernels/columns/columns.inl"

namespace lathe {

const ColumnsKernel& columnsAvx512() { return kKernel; }

}  // namespace lathe
