// The rows of the int8 product over a register of whole numbers (Ints) and one of floats (Reals): included by gemm-int8-<isa>.cc after
// them, and before the sums of a row's steps. The formula and the layouts are in gemm-int8.h; each step in f32 is one IEEE operation, so that
// all rows agree to the bit.
namespace lathe {
namespace {

// Of a whole register of largest sizes (as bits): what is multiplied to quantise, and the scale.
struct ScaleOf {
  Reals scale, inverse;
  explicit ScaleOf(Ints sizes) {
    const Reals size = realsOf(sizes), tiny = broadcastReal(0x1p-100f), steps = broadcastReal(127);
    scale = nanUnlessFinite(sizes, zeroWhereBelow(size, tiny, divided(size, steps)));
    inverse = zeroUnlessFinite(sizes, zeroWhereBelow(size, tiny, divided(steps, size)));
  }
};

// Floats that are not finite become 0 here: their scale tells of them.
inline Ints quantised(const float* x, const ScaleOf& by, bool finite) {
  return finite ? roundInts(times(loadReals(x), by.inverse)) : zeroInts();
}

float quantiseRun(const float* x, uint8_t flip, uint8_t* bytes, int32_t* sum) {
  constexpr int L = Ints::kLanes;
  static_assert(kInt8Block % (4 * L) == 0);
  Ints sizes = sizeBits(loadReals(x));
  for (int i = L; i < kInt8Block; i += L) sizes = maxInts(sizes, sizeBits(loadReals(x + i)));
  const int32_t bits = largest(sizes);
  const ScaleOf by(Ints(broadcastInt(&bits)));
  const bool finite = bits < 0x7f800000;
  Ints sums = zeroInts();
  for (int i = 0; i < kInt8Block; i += 4 * L) {
    const Ints q = packed(quantised(x + i, by, finite), quantised(x + i + L, by, finite), quantised(x + i + 2 * L, by, finite),
                          quantised(x + i + 3 * L, by, finite));
    sums = dot(sums, ones(), q);
    storeInts(bytes + i, flipped(q, flip));
  }
  *sum = total(sums);
  float scale[L];
  storeReals(scale, by.scale);
  return scale[0];
}

void quantiseColumns(const float* x, int64_t stride, Int8PanelBlock* block) {
  constexpr int L = Ints::kLanes;
  for (int n = 0; n < kInt8Columns; n += L) {
    const float* from = x + n;
    Ints sizes = sizeBits(loadReals(from));
    for (int64_t i = 1; i < kInt8Block; ++i) sizes = maxInts(sizes, sizeBits(loadReals(from + i * stride)));
    const ScaleOf by(sizes);
    Ints sums = zeroInts();
    for (int64_t i = 0; i < kInt8Block; i += kInt8Step) {
      Ints q[kInt8Step];
      for (int s = 0; s < kInt8Step; ++s) q[s] = roundInts(zeroUnlessFinite(sizes, times(loadReals(from + (i + s) * stride), by.inverse)));
      const Ints four = interleaved(q[0], q[1], q[2], q[3]);
      sums = dot(sums, ones(), four);
      storeInts(block->bytes + (i * kInt8Columns + n * kInt8Step), four);
    }
    storeReals(block->scales + n, by.scale);
    storeInts(block->starts + n, timesMinus128(sums));
  }
}

// 0 … N - 1 as a parameter pack: the rows of a tile are unrolled in the source.
template <int... i>
struct Indices {};
template <int N, int... i>
struct IndicesTo : IndicesTo<N - 1, N - 1, i...> {};
template <int... i>
struct IndicesTo<0, i...> {
  using type = Indices<i...>;
};

// A row of a tile: two registers of sums.
struct Pair {
  Ints first, second;
};
// Some steps of k: rows of A from `a` on, `stride` bytes apart, and the panel's bytes.
struct Steps {
  const uint8_t* a;
  int64_t stride;
  const int8_t* bytes;
  int64_t count;
};
// What differs more than by the width of a register, defined by the row (vnni-steps.inl, gemm-int8-dotprod.cc): where a column's sums start,
// and the sums of some steps.
inline Ints startOf(const int32_t* starts);
template <int... row>
[[gnu::always_inline]] inline void addSteps(Pair (&whole)[sizeof...(row)], Steps steps, Indices<row...>);

[[gnu::always_inline]] inline void scaleInto(float* at, const Pair& sums, const float* columnScales, float rowScale) {
  constexpr int L = Ints::kLanes;
  const Reals scale = broadcastReal(rowScale);
  storeReals(at, fused(times(toReals(sums.first), loadReals(columnScales)), scale, loadReals(at)));
  storeReals(at + L, fused(times(toReals(sums.second), loadReals(columnScales + L)), scale, loadReals(at + L)));
}

// One block of k for some rows and two registers of columns from `column` on: a half of a panel, or all of it.
template <int... row>
void addBlock(const Int8Tile& t, int64_t b, int column, float* sums, Indices<row...>) {
  constexpr int L = Ints::kLanes;
  const Int8PanelBlock& block = t.panel[b];
  const int64_t left = t.k - b * kInt8Block, stride = t.aStride;
  const Pair start = {startOf(block.starts + column), startOf(block.starts + column + L)};
  Pair whole[sizeof...(row)] = {(static_cast<void>(row), start)...};
  const int64_t count = ((left < kInt8Block ? left : kInt8Block) + kInt8Step - 1) / kInt8Step;
  addSteps(whole, {t.a + b * kInt8Block, stride, block.bytes + column * kInt8Step, count}, Indices<row...>());
  (scaleInto(sums + row * kInt8Columns + column, whole[row], block.scales + column, t.aScales[row * t.aScaleStride + b]), ...);
}

// One row of a tile; 128 bytes where the panel is whole.
inline void copyRow(float* to, const float* from, int columns) {
  if (columns < kInt8Columns) {
    memcpy(to, from, static_cast<size_t>(columns) * 4);
    return;
  }
  for (int n = 0; n < kInt8Columns; n += Ints::kLanes) storeReals(to + n, loadReals(from + n));
}

template <int kRows>
void micro(const Int8Tile& t) {
  alignas(64) float sums[kRows * kInt8Columns];
  for (int i = 0; i < kRows * kInt8Columns; i += Ints::kLanes) storeReals(sums + i, zeroReals());
  if (!t.fresh)
    for (int i = 0; i < t.rows; ++i) copyRow(sums + i * kInt8Columns, t.c + i * t.ldc, t.columns);
  for (int column = 0; column < t.columns; column += 2 * Ints::kLanes)
    for (int64_t b = 0; b < t.blocks; ++b) addBlock(t, b, column, sums, typename IndicesTo<kRows>::type());
  for (int i = 0; i < t.rows; ++i) copyRow(t.c + i * t.ldc, sums + i * kInt8Columns, t.columns);
}

}  // namespace
}  // namespace lathe
