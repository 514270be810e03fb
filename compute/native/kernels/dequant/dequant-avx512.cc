// Dequantisation with AVX-512.
#include "kernels/simd/avx512.h"

#include "kernels/dequant/decode-avx512.inl"
#include "kernels/dequant/dequant.h"
#include "kernels/dequant/dequant.inl"

namespace lathe {

const DequantKernel& dequantAvx512() { return kKernel; }

}  // namespace lathe
