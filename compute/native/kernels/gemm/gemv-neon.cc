// Products with a handful of rows, with Advanced SIMD. Quantised rows are widened plainly, a piece at a time.
#include "kernels/simd/neon.h"

#include "kernels/dequant/dequant.h"
#include "kernels/gemm/gemv.h"
#include "kernels/gemm/gemv.inl"

namespace lathe {
namespace {

constexpr int64_t kPiece = 256;  // whole blocks of every type

template <DType type>
float dotWidened(const void* row, const float* x, int64_t k) {
  float piece[kPiece], sum = 0;
  for (int64_t at = 0; at < k; at += kPiece) {
    const int64_t length = k - at < kPiece ? k - at : kPiece;
    dequantRef().toFloat[static_cast<int>(type)](elementAt(row, type, k, 0, at), piece, length);
    sum += dotPlain<float>(piece, x + at, length);
  }
  return sum;
}

}  // namespace

const GemvKernel& gemvNeon() {
  static constexpr GemvKernel kernel = {{dotPlain<float>, dotPlain<Half>, dotPlain<Bf16>, nullptr, dotWidened<DType::Q8_0>, dotWidened<DType::Q4_0>,
                                         dotWidened<DType::Q4_1>, dotWidened<DType::Q5_0>, dotWidened<DType::Q5_1>, dotWidened<DType::Q4_K>,
                                         dotWidened<DType::Q5_K>, dotWidened<DType::Q6_K>},
                                        batch<4>};
  return kernel;
}

}  // namespace lathe
