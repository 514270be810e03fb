// The AMX row over software tiles: the same source, so that every machine with AVX512-BF16 checks the algorithm. Only in test builds.
#include "kernels/simd/avx512.h"

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/gemm/tile-store.inl"
#include "kernels/gemm/pack-bf16.inl"
#include "kernels/gemm/amx-emulation.h"
#include "kernels/gemm/gemm-amx.inl"

namespace lathe {

const GemmKernel* gemmBf16AmxEmulated() { return &kAmx; }

}  // namespace lathe
