// Cross-entropy with AVX-512.
#include "kernels/cross-entropy/cross-entropy.h"

#include <math.h>
#include <string.h>

#include "kernels/simd/avx512.h"

#include "kernels/cross-entropy/cross-entropy.inl"

namespace lathe {

void crossEntropyAvx512(const CrossEntropyCall& call, int64_t row) { gradeRow(call, row); }

}  // namespace lathe
