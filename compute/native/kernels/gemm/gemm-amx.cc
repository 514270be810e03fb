// bf16 products with AMX. Whether the process may use tiles is asked in core/cpu-features.cc.
#include "kernels/simd/avx512.h"

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/gemm/tile-store.inl"
#include "kernels/gemm/pack-bf16.inl"
#include "kernels/gemm/gemm-amx.inl"

namespace lathe {

const GemmKernel* gemmBf16Amx() { return &kAmx; }

}  // namespace lathe
