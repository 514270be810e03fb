// Cross-entropy with AVX2.
#include "kernels/cross-entropy/cross-entropy.h"

#include <math.h>
#include <string.h>

#include "kernels/simd/avx2.h"

#include "kernels/cross-entropy/cross-entropy.inl"

namespace lathe {

void crossEntropyAvx2(const CrossEntropyCall& call, int64_t row) { gradeRow(call, row); }

}  // namespace lathe
