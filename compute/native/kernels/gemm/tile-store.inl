// What microkernels and packing share, over Vec: a tile's way into C, a panel's rows.
#include "kernels/gemm/tails.inl"

namespace lathe {
namespace {

template <class T>
inline void finish(T* c, Vec sum, const GemmTile& tile, int count) {
  Vec value = sum * broadcast(tile.alpha);
  if (tile.accumulate) value = value + loadSome(c, count);
  storeSome(c, value, count);
}

// A tile's finished k block: `sums` is [rows][stride], straight from the registers.
template <class T>
inline void finishTile(const float* sums, int stride, T* c, const GemmTile& tile) {
  for (int row = 0; row < tile.rows; ++row)
    for (int column = 0; column < tile.columns; column += Vec::kLanes) {
      const int count = tile.columns - column;
      Vec sum = load(sums + row * stride + column);
      if (tile.resume) sum = loadSome(tile.partial + row * tile.ldp + column, count) + sum;
      finish(c + row * tile.ldc + column, sum, tile, count);
    }
}

// Into the partial sums, with more of k to come.
inline void keepTile(const float* sums, int stride, const GemmTile& tile) {
  for (int row = 0; row < tile.rows; ++row)
    for (int column = 0; column < tile.columns; column += Vec::kLanes) {
      const int count = tile.columns - column;
      float* partial = tile.partial + row * tile.ldp + column;
      const Vec sum = load(sums + row * stride + column);
      storeSome(partial, tile.resume ? loadSome(partial, count) + sum : sum, count);
    }
}

// Not inlined: every microkernel ends here, and one copy of it is enough.
__attribute__((noinline)) void endTile(const float* sums, int stride, const GemmTile& tile) {
  if (!tile.final) {
    keepTile(sums, stride, tile);
  } else if (tile.bf16) {
    finishTile(sums, stride, static_cast<Bf16*>(tile.c), tile);
  } else {
    finishTile(sums, stride, static_cast<float*>(tile.c), tile);
  }
}

// One row of a panel, `width` words: stores whole registers where the next row, or the panel's end, allows it.
template <int width>
inline void storePanelRow(float* to, int column, Vec x, bool last) {
  constexpr int L = Vec::kLanes;
  if (column + L > width && last) {
    storePartial(to + column, x, width - column);
  } else {
    store(to + column, x);
  }
}

}  // namespace
}  // namespace lathe
