// Cross-entropy with NEON.
#include "kernels/cross-entropy/cross-entropy.h"

#include <math.h>
#include <string.h>

#include "kernels/simd/neon.h"

#include "kernels/cross-entropy/cross-entropy.inl"

namespace lathe {

void crossEntropyNeon(const CrossEntropyCall& call, int64_t row) { gradeRow(call, row); }

}  // namespace lathe
