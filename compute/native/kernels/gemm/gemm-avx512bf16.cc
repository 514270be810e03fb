// bf16 products with AVX512-BF16: tiles of 14 × 32 as in fp32, two products a lane and step (vdpbf16ps).
#include "kernels/simd/avx512.h"

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/transpose-avx512.inl"
#include "kernels/gemm/micro.inl"
#include "kernels/gemm/pack-bf16.inl"

namespace lathe {
namespace {

struct Bf16Product {
  static constexpr int kStep = 2;
  static Vec add(Vec x, Vec y, Vec sum) {
    return {_mm512_dpbf16_ps(sum.v, reinterpret_cast<__m512bh>(x.v), reinterpret_cast<__m512bh>(y.v))};
  }
};

}  // namespace

const GemmKernel* gemmBf16Avx512() {
  static constexpr GemmKernel kernel = {14,
                                        32,
                                        2,
                                        768,
                                        1,
                                        2,
                                        false,
                                        {packRowsBf16<14, 2, float>, packColumnsBf16<14, 2, float>},
                                        {packRowsBf16<14, 2, Bf16>, packColumnsBf16<14, 2, Bf16>},
                                        {packRowsBf16<32, 2, float>, packColumnsBf16<32, 2, float>},
                                        {packRowsBf16<32, 2, Bf16>, packColumnsBf16<32, 2, Bf16>},
                                        MicroTable<Bf16Product, 14, 32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14>::run,
                                        nullptr,
                                        nullptr};
  return &kernel;
}

}  // namespace lathe
