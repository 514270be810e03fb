// Products with a handful of rows over Vec: included by gemv-<isa>.cc after kernels/simd/<isa>.h and, where there is one, decode-<isa>.inl.
// Every sum runs over k in ascending order in four chains that are added at the end.
#include "kernels/gemm/tails.inl"

namespace lathe {
namespace {

inline float sumOf(const Vec* chains) { return sum((chains[0] + chains[1]) + (chains[2] + chains[3])); }

template <class T>
float dotPlain(const void* row, const float* x, int64_t k) {
  constexpr int L = Vec::kLanes;
  const auto* w = static_cast<const T*>(row);
  Vec chains[4] = {zeros(), zeros(), zeros(), zeros()};
  int64_t at = 0;
  for (; at + 4 * L <= k; at += 4 * L)
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) chains[i] = fma(load(w + at + i * L), load(x + at + i * L), chains[i]);
  for (; at < k; at += L) {
    const int count = k - at < L ? int(k - at) : L;
    chains[0] = fma(loadSome(w + at, count), loadSome(x + at, count), chains[0]);
  }
  return sumOf(chains);
}

// kVecs rows of w at a time, so that the sums fit the registers.
template <int kRows, int kVecs>
void batchOf(const GemvBatch& b, int first, float* sums) {
  constexpr int L = Vec::kLanes;
  const float* w[kVecs];
  Vec chains[kRows][kVecs];
#pragma GCC unroll 4
  for (int j = 0; j < kVecs; ++j) {
    w[j] = b.w + (first + j < b.ws ? first + j : b.ws - 1) * b.wStride;
#pragma GCC unroll 4
    for (int i = 0; i < kRows; ++i) chains[i][j] = zeros();
  }
  const auto step = [&](int64_t at, auto read) __attribute__((always_inline)) {
    Vec row[kVecs];
#pragma GCC unroll 4
    for (int j = 0; j < kVecs; ++j) row[j] = read(w[j] + at);
#pragma GCC unroll 4
    for (int i = 0; i < kRows; ++i) {
      const Vec x = read(b.x + i * b.xStride + at);
#pragma GCC unroll 4
      for (int j = 0; j < kVecs; ++j) chains[i][j] = fma(x, row[j], chains[i][j]);
    }
  };
  int64_t at = 0;
  for (; at + L <= b.k; at += L) step(at, [](const float* p) __attribute__((always_inline)) { return load(p); });
  if (at < b.k) step(at, [&](const float* p) __attribute__((always_inline)) { return loadPartial(p, int(b.k - at)); });
#pragma GCC unroll 4
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < kVecs; ++j)
      if (first + j < b.ws) sums[i * GemvBatch::kMost + first + j] = sum(chains[i][j]);
}

template <int kVecs>
void batch(const GemvBatch& b, float* sums) {
  static constexpr void (*rows[])(const GemvBatch&, int, float*) = {batchOf<1, kVecs>, batchOf<2, kVecs>, batchOf<3, kVecs>, batchOf<4, kVecs>};
  for (int first = 0; first < b.ws; first += kVecs) rows[b.xs - 1](b, first, sums);
}

}  // namespace
}  // namespace lathe
