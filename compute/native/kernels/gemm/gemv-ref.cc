// Products with a handful of rows, plainly: widened a piece at a time, sums in fp64.
#include "kernels/dequant/dequant.h"
#include "kernels/gemm/gemv.h"

namespace lathe {
namespace {

constexpr int64_t kPiece = 256;  // whole blocks of every type

template <DType type>
float dot(const void* row, const float* x, int64_t k) {
  float piece[kPiece];
  double sum = 0;
  for (int64_t at = 0; at < k; at += kPiece) {
    const int64_t length = k - at < kPiece ? k - at : kPiece;
    dequantRef().toFloat[static_cast<int>(type)](elementAt(row, type, k, 0, at), piece, length);
    for (int64_t i = 0; i < length; ++i) sum += double(piece[i]) * x[at + i];
  }
  return static_cast<float>(sum);
}

void batch(const GemvBatch& b, float* sums) {
  for (int i = 0; i < b.xs; ++i)
    for (int j = 0; j < b.ws; ++j) sums[i * GemvBatch::kMost + j] = dot<DType::F32>(b.w + j * b.wStride, b.x + i * b.xStride, b.k);
}

}  // namespace

const GemvKernel& gemvRef() {
  static constexpr GemvKernel kernel = {{dot<DType::F32>, dot<DType::F16>, dot<DType::BF16>, nullptr, dot<DType::Q8_0>, dot<DType::Q4_0>, dot<DType::Q4_1>,
                                         dot<DType::Q5_0>, dot<DType::Q5_1>, dot<DType::Q4_K>, dot<DType::Q5_K>, dot<DType::Q6_K>},
                                        batch};
  return kernel;
}

}  // namespace lathe
