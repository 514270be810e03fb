// Small dense products on panels: c[m][n] (+)= Σ_k a(m, k) · b[k][n], n in whole vectors, accumulators in registers.
// kTileRows x kTileVecs is the register block of the instruction set; a file that includes this defines both before.
// An element of a and b is what Dot takes it for: one float, or a pair of bf16 that are neighbours along k (then k counts pairs).
namespace lathe {
namespace {

// How a is stored: a[m · stride + k] or a[k · stride + m].
enum class Layout { RowsOfM, RowsOfK };

struct DotFloats {
  static Vec add(Vec a, Vec b, Vec sum) { return fma(a, b, sum); }
};

struct Product {
  const float* a;
  int64_t aStride;
  const float* b;
  int64_t bStride;
  float* c;
  int64_t cStride;
  // c is multiplied by rowScale[m] before the products are added; nullptr: c starts at 0, kKeep: at what it is.
  const float* rowScale;
};
const float kKeep[1] = {1};

template <class Dot, int kRows, int kVecs, Layout kLayout>
inline void tile(const Product& p, int64_t m, int64_t n, int64_t depthBegin, int64_t depthEnd) {
  constexpr int64_t kLanes = Vec::kLanes;
  Vec sums[kRows][kVecs];
  float* c = p.c + m * p.cStride + n;
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kVecs; ++j) {
      if (p.rowScale == nullptr) {
        sums[i][j] = zeros();
      } else {
        sums[i][j] = load(c + i * p.cStride + j * kLanes);
        if (p.rowScale != kKeep) sums[i][j] = sums[i][j] * broadcast(p.rowScale[m + i]);
      }
    }
  }
  const int64_t aStride = p.aStride, bStride = p.bStride;
  const float* a = kLayout == Layout::RowsOfM ? p.a + m * aStride + depthBegin : p.a + depthBegin * aStride + m;
  const float* b = p.b + depthBegin * bStride + n;
  for (int64_t k = depthBegin; k < depthEnd; ++k) {
    Vec columns[kVecs];
    for (int j = 0; j < kVecs; ++j) columns[j] = load(b + j * kLanes);
    for (int i = 0; i < kRows; ++i) {
      const Vec factor = broadcast(kLayout == Layout::RowsOfM ? a[i * aStride] : a[i]);
      for (int j = 0; j < kVecs; ++j) sums[i][j] = Dot::add(factor, columns[j], sums[i][j]);
    }
    a += kLayout == Layout::RowsOfM ? 1 : aStride;
    b += bStride;
  }
  for (int i = 0; i < kRows; ++i)
    for (int j = 0; j < kVecs; ++j) store(c + i * p.cStride + j * kLanes, sums[i][j]);
}

template <class Dot, int kRows, Layout kLayout>
inline void tileColumns(const Product& p, int64_t m, int64_t n, int64_t nEnd, int64_t depthBegin, int64_t depthEnd) {
  constexpr int64_t kLanes = Vec::kLanes;
  for (; n + kTileVecs * kLanes <= nEnd; n += kTileVecs * kLanes) tile<Dot, kRows, kTileVecs, kLayout>(p, m, n, depthBegin, depthEnd);
  if (kTileVecs > 2 && n + 2 * kLanes <= nEnd) {
    tile<Dot, kRows, 2, kLayout>(p, m, n, depthBegin, depthEnd);
    n += 2 * kLanes;
  }
  if (n < nEnd) tile<Dot, kRows, 1, kLayout>(p, m, n, depthBegin, depthEnd);
}

// Rows [m, m + rows) of c, rows <= kTileRows, columns [n, nEnd), which are whole vectors; the sum runs over [depthBegin, depthEnd).
template <class Dot, Layout kLayout>
inline void multiplyRows(const Product& p, int64_t m, int64_t rows, int64_t n, int64_t nEnd, int64_t depthBegin, int64_t depthEnd) {
  static_assert(kTileRows == 6, "the cases below");
  switch (rows) {
    case 6: return tileColumns<Dot, 6, kLayout>(p, m, n, nEnd, depthBegin, depthEnd);
    case 5: return tileColumns<Dot, 5, kLayout>(p, m, n, nEnd, depthBegin, depthEnd);
    case 4: return tileColumns<Dot, 4, kLayout>(p, m, n, nEnd, depthBegin, depthEnd);
    case 3: return tileColumns<Dot, 3, kLayout>(p, m, n, nEnd, depthBegin, depthEnd);
    case 2: return tileColumns<Dot, 2, kLayout>(p, m, n, nEnd, depthBegin, depthEnd);
    case 1: return tileColumns<Dot, 1, kLayout>(p, m, n, nEnd, depthBegin, depthEnd);
  }
}

}  // namespace
}  // namespace lathe
