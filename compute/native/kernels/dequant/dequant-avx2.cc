// Dequantisation with AVX2.
#include "kernels/simd/avx2.h"

#include "kernels/dequant/decode-avx2.inl"
#include "kernels/dequant/dequant.h"
#include "kernels/dequant/dequant.inl"

namespace lathe {

const DequantKernel& dequantAvx2() { return kKernel; }

}  // namespace lathe
