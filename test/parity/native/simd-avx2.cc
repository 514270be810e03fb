// Checks of kernels/simd/avx2.h.
#include "kernels/simd/avx2.h"
// The checks, written over what was just included.
#include "simd-check.inl"

void checkSimdAvx2() { lathe::checkSimd("avx2"); }
