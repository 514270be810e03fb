// The fp32 microkernel and its packing, over Vec: included by gemm-<isa>.cc after kernels/simd/<isa>.h and `transposeSquare`.
// Panels are [k][mr] and [k][nr]. Each element of C is one chain of fused multiply-adds in ascending k, whatever its tile.
#include "kernels/gemm/tile-store.inl"

namespace lathe {
namespace {

// kRows × kVecs registers of sums; the b row of a step stays in registers, a is broadcast.
template <int kRows, int kVecs, int mr, int nr>
void microF32(const void* aPanel, const void* bPanel, int64_t k, const GemmTile& tile) {
  constexpr int L = Vec::kLanes;
  const auto* a = static_cast<const float*>(aPanel);
  const auto* b = static_cast<const float*>(bPanel);
  Vec sums[kRows][kVecs];
#pragma GCC unroll 32
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kVecs; ++j) sums[i][j] = zeros();
  for (int64_t step = 0; step < k; ++step, a += mr, b += nr) {
    Vec row[kVecs];
#pragma GCC unroll 8
    for (int j = 0; j < kVecs; ++j) row[j] = load(b + j * L);
#pragma GCC unroll 32
    for (int i = 0; i < kRows; ++i) {
      const Vec x = broadcast(a[i]);
#pragma GCC unroll 8
      for (int j = 0; j < kVecs; ++j) sums[i][j] = fma(x, row[j], sums[i][j]);
    }
  }
  alignas(64) float out[kRows * kVecs * L];
#pragma GCC unroll 32
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kVecs; ++j) store(out + (i * kVecs + j) * L, sums[i][j]);
  endTile(out, kVecs * L, tile);
}

using Micro = void (*)(const void*, const void*, int64_t, const GemmTile&);

template <int mr, int nr, int... kRows>
struct MicroTable {
  static constexpr int L = Vec::kLanes;
  static void run(const void* a, const void* b, int64_t k, const GemmTile& tile) {
    static constexpr Micro whole[] = {microF32<kRows, nr / L, mr, nr>...};
    static constexpr Micro narrow[] = {microF32<kRows, (nr / L + 1) / 2, mr, nr>...};
    (tile.columns > (nr / L + 1) / 2 * L ? whole : narrow)[tile.rows - 1](a, b, k, tile);
  }
};

// One row of a panel, `width` floats: stores whole registers where the next row, or the panel's end, allows it.
template <int width>
inline void storePanelRow(float* to, int column, Vec x, bool last) {
  constexpr int L = Vec::kLanes;
  if (column + L > width && last) {
    storePartial(to + column, x, width - column);
  } else {
    store(to + column, x);
  }
}

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
          4,
          {packRowsF32<mr, float>, packColumnsF32<mr, float>},
          {packRowsF32<mr, Bf16>, packColumnsF32<mr, Bf16>},
          {packRowsF32<nr, float>, packColumnsF32<nr, float>},
          {packRowsF32<nr, Bf16>, packColumnsF32<nr, Bf16>},
          MicroTable<mr, nr, kRows...>::run};
}

}  // namespace
}  // namespace lathe
