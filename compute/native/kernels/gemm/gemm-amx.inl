// bf16 products in AMX tiles: 32 × 32 of C in four tiles, 32 of k a step (TDPBF16PS). Included after kernels/simd/avx512.h, the packing and
// the tile instructions, which are the CPU's (gemm-amx.cc) or software (gemm-amx-emulated.cc).
// Intel 64 and IA-32 Architectures Optimization Reference Manual, chapter on AMX: B in pairs of k ("VNNI layout"), four accumulators so that
// each loaded tile is used twice.
//   A panel, a step: 32 rows of 32 k, 64 bytes a row: two tiles, one under the other.
//   B panel, a step: 16 rows of 32 columns, each a pair of k, 128 bytes a row: two tiles side by side.
#include "kernels/simd/amx-tiles.inl"

namespace lathe {
namespace {

constexpr int kTile = 16, kSide = 32, kDepth = 32;

void enterTiles() { configureTiles(&kTileConfig); }
void leaveTiles() { _tile_release(); }

// Tiles 0–3: C, row by row; 4, 5: A; 6, 7: B.
template <bool lower, bool right>
void startTiles(const GemmTile& tile, bool fromPartial) {
  if (!fromPartial) {
    _tile_zero(0);
    if (right) _tile_zero(1);
    if (lower) _tile_zero(2);
    if (lower && right) _tile_zero(3);
    return;
  }
  const int64_t stride = tile.ldp * 4;
  _tile_loadd(0, tile.partial, stride);
  _tile_loadd(1, tile.partial + kTile, stride);
  _tile_loadd(2, tile.partial + kTile * tile.ldp, stride);
  _tile_loadd(3, tile.partial + kTile * tile.ldp + kTile, stride);
}

template <bool lower, bool right>
void storeTiles(float* to, int64_t columns) {
  _tile_stored(0, to, columns * 4);
  if (right) _tile_stored(1, to + kTile, columns * 4);
  if (lower) _tile_stored(2, to + kTile * columns, columns * 4);
  if (lower && right) _tile_stored(3, to + kTile * columns + kTile, columns * 4);
}

template <bool lower, bool right>
void microTiles(const void* aPanel, const void* bPanel, int64_t k, const GemmTile& tile) {
  const auto* a = static_cast<const char*>(aPanel);
  const auto* b = static_cast<const char*>(bPanel);
  // Whole tiles need no detour: their partial sums are loaded and stored as tiles.
  const bool whole = tile.rows == kSide && tile.columns == kSide;
  __asm__ volatile("" ::: "memory");  // the tile loads do not say what they read
  startTiles<lower, right>(tile, whole && tile.resume);
  for (int64_t steps = k / kDepth; steps > 0; --steps, a += kSide * 64, b += kSide * 64) {
    _tile_loadd(6, b, 128);
    _tile_loadd(4, a, 64);
    _tile_dpbf16ps(0, 4, 6);
    if (right) _tile_loadd(7, b + 64, 128);
    if (right) _tile_dpbf16ps(1, 4, 7);
    if (lower) _tile_loadd(5, a + kTile * 64, 64);
    if (lower) _tile_dpbf16ps(2, 5, 6);
    if (lower && right) _tile_dpbf16ps(3, 5, 7);
  }
  if (whole && !tile.final) return storeTiles<lower, right>(tile.partial, tile.ldp);
  if (whole && !tile.bf16 && !tile.accumulate && tile.alpha == 1) return storeTiles<lower, right>(static_cast<float*>(tile.c), tile.ldc);
  alignas(64) float sums[kSide * kSide];
  storeTiles<lower, right>(sums, kSide);
  GemmTile rest = tile;
  rest.resume = tile.resume && !whole;
  endTile(sums, kSide, rest);
}

void microAmx(const void* a, const void* b, int64_t k, const GemmTile& tile) {
  static constexpr void (*kinds[])(const void*, const void*, int64_t, const GemmTile&) = {microTiles<false, false>, microTiles<false, true>,
                                                                                          microTiles<true, false>, microTiles<true, true>};
  kinds[(tile.rows > kTile ? 2 : 0) + (tile.columns > kTile ? 1 : 0)](a, b, k, tile);
}

// Rows of op(A) contiguous in k: 64 bytes of each, as they are.
template <class T>
void packRowsA(void* panel, const void* source, int64_t stride, int count, int k) {
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  for (int at = 0; at < k; at += kDepth)
    for (int row = 0; row < kSide; ++row, to += 16) store(to, row < count ? pairs(from + row * stride + at, k - at) : zeros());
}

// Rows of op(A) side by side: 16 of them and 16 pairs of k are a square to turn.
template <class T>
void packColumnsA(void* panel, const void* source, int64_t stride, int count, int k) {
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  for (int at = 0; at < k; at += kDepth)
    for (int row = 0; row < kSide; row += kTile, to += kTile * 16) {
      Vec square[16];
      for (int i = 0; i < 16; ++i) {
        const int one = at + 2 * i, here = count - row;
        __m512i pair = _mm512_setzero_si512();
        if (here > 0 && one < k) pair = halves(from + one * stride + row, here);
        if (here > 0 && one + 1 < k) pair = _mm512_or_si512(pair, _mm512_slli_epi32(halves(from + (one + 1) * stride + row, here), 16));
        square[i].v = _mm512_castsi512_ps(pair);
      }
      transposeSquare(square);
      for (int i = 0; i < 16; ++i) store(to + i * 16, square[i]);
    }
}

// kBlock: one B panel's block (40 KiB) stays in the first-level cache while A panels stream past.
constexpr GemmKernel kAmx = {kSide,
                             kSide,
                             kDepth,
                             640,
                             kTile,
                             2,
                             {packRowsA<float>, packColumnsA<float>},
                             {packRowsA<Bf16>, packColumnsA<Bf16>},
                             {packRowsBf16<kSide, kDepth, float>, packColumnsBf16<kSide, kDepth, float>},
                             {packRowsBf16<kSide, kDepth, Bf16>, packColumnsBf16<kSide, kDepth, Bf16>},
                             microAmx,
                             enterTiles,
                             leaveTiles};

}  // namespace
}  // namespace lathe
