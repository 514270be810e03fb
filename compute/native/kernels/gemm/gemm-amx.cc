// bf16 products with AMX. Whether the process may use tiles is asked in core/cpu-features.cc.
#include "kernels/simd/avx512.h"

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/gemm/tile-store.inl"
#include "kernels/gemm/pack-bf16.inl"

namespace lathe {
namespace {

// Footgun: GCC 12's _tile_loadconfig says that it reads 8 bytes; stores to the other 56 may vanish. This says 64.
inline void configureTiles(const void* config) {
#if defined(_MSC_VER) && !defined(__clang__)
  _tile_loadconfig(config);
#else
  __asm__ volatile("ldtilecfg %0" ::"m"(*static_cast<const unsigned char(*)[64]>(config)));
#endif
}

}  // namespace
}  // namespace lathe

#include "kernels/gemm/gemm-amx.inl"

namespace lathe {

const GemmKernel* gemmBf16Amx() { return &kAmx; }

}  // namespace lathe
