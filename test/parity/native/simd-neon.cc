// Checks of kernels/simd/neon.h.
#include "kernels/simd/neon.h"
// The checks, written over what was just included.
#include "simd-check.inl"

void checkSimdNeon() { lathe::checkSimd("neon"); }
