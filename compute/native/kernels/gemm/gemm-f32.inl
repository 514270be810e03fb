// The fp32 row of an instruction set: packing into panels [k][mr] and [k][nr] of floats, and the row itself. Included after
// kernels/simd/<isa>.h and `transposeSquare`.
#include "kernels/gemm/micro.inl"

namespace lathe {
namespace {

template <int width, class T>
void packRowsF32(void* panel, const void* source, int64_t stride, int count, int k) {
  constexpr int L = Vec::kLanes;
  static_assert(width < L || width % L == 0, "a row that ends inside a register would be overwritten by its own first part");
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  for (int column = 0; column < width; column += L) {
    for (int at = 0; at < k; at += L) {
      Vec square[L];
      for (int i = 0; i < L; ++i) square[i] = column + i < count ? loadSome(from + (column + i) * stride + at, k - at) : zeros();
      transposeSquare(square);
      const int steps = k - at < L ? k - at : L;
      for (int i = 0; i < steps; ++i) storePanelRow<width>(to + int64_t(at + i) * width, column, square[i], at + i + 1 == k);
    }
  }
}

template <int width, class T>
void packColumnsF32(void* panel, const void* source, int64_t stride, int count, int k) {
  constexpr int L = Vec::kLanes;
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  for (int at = 0; at < k; ++at, from += stride, to += width)
    for (int column = 0; column < width; column += L) {
      const Vec x = column < count ? loadSome(from + column, count - column) : zeros();
      storePanelRow<width>(to, column, x, at + 1 == k);
    }
}

template <int mr, int nr, int... kRows>
constexpr GemmKernel kernelF32(int kBlock) {
  return {mr,
          nr,
          1,
          kBlock,
          1,
          4,
          false,
          {packRowsF32<mr, float>, packColumnsF32<mr, float>},
          {packRowsF32<mr, Bf16>, packColumnsF32<mr, Bf16>},
          {packRowsF32<nr, float>, packColumnsF32<nr, float>},
          {packRowsF32<nr, Bf16>, packColumnsF32<nr, Bf16>},
          MicroTable<FloatProduct, mr, nr, kRows...>::run,
          nullptr,
          nullptr};
}

}  // namespace
}  // namespace lathe
