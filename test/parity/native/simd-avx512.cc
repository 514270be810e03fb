// Checks of kernels/simd/avx512.h.
#include "kernels/simd/avx512.h"
// The checks, written over what was just included.
#include "simd-check.inl"

void checkSimdAvx512() { lathe::checkSimd("avx512"); }
