// bf16 products in AMX tiles: 32 × 32 of C in four tiles, 32 of k a step (TDPBF16PS). Included after kernels/simd/avx512.h, the packing and
// the tile instructions, which are the CPU's (gemm-amx.cc) or software (gemm-amx-emulated.cc).
// Intel 64 and IA-32 Architectures Optimization Reference Manual, chapter on AMX: B in pairs of k ("VNNI layout"), four accumulators so that
// each loaded tile is used twice.
//   A panel, a step: 32 rows of 32 k, 64 bytes a row: two tiles, one under the other. A row-major bf16 A is such a panel as it is.
//   B panel, a step: two tiles of 16 columns, one after the other; a tile has 16 rows of 16 columns, each a pair of k.
#include "kernels/simd/amx-tiles.inl"

namespace lathe {
namespace {

constexpr int kTile = 16, kSide = 32, kDepth = 32, kTileBytes = 1024;

void enterTiles() { configureTiles(&kTileConfig); }
void leaveTiles() {
  _tile_release();
  _mm_sfence();  // what went past the caches is there for the other threads
}

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

// A is read once a tile and must not push B's panel, which serves tile after tile, out of the first-level cache: hence the stream loads.
template <bool lower, bool right>
inline void sumPiece(const GemmPiece& piece) {
  const char *a = piece.a, *b = piece.b;
  const int64_t below = kTile * piece.aRow;
  for (int64_t steps = piece.k / kDepth; steps > 0; --steps, a += piece.aStep, b += 2 * kTileBytes) {
    _tile_loadd(6, b, 64);
    _tile_stream_loadd(4, a, piece.aRow);
    _tile_dpbf16ps(0, 4, 6);
    if (right) _tile_loadd(7, b + kTileBytes, 64);
    if (right) _tile_dpbf16ps(1, 4, 7);
    if (lower) _tile_stream_loadd(5, a + below, piece.aRow);
    if (lower) _tile_dpbf16ps(2, 5, 6);
    if (lower && right) _tile_dpbf16ps(3, 5, 7);
  }
}

inline void put(Bf16* c, Vec left, Vec right, bool past) {
  const __m512i both = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(right.v, left.v));
  if (past) return _mm512_stream_si512(reinterpret_cast<__m512i*>(c), both);
  _mm512_storeu_si512(c, both);
}
inline void put(float* c, Vec left, Vec right, bool past) {
  if (!past) return store(c, left), store(c + kTile, right);
  _mm512_stream_ps(c, left.v);
  _mm512_stream_ps(c + kTile, right.v);
}

// A whole tile's last sums. What is only written, and is large, goes past the caches in whole lines: fetching each line first, to have
// it overwritten, took a third of the product's time (2048 × 1536 × 576, cold).
template <class T>
void finishWhole(const float* sums, const GemmTile& tile) {
  auto* c = static_cast<T*>(tile.c);
  const bool past = tile.large && !tile.accumulate && reinterpret_cast<uintptr_t>(c) % 64 == 0 && tile.ldc * sizeof(T) % 64 == 0;
  const Vec alpha = broadcast(tile.alpha);
  for (int row = 0; row < kSide; ++row, sums += kSide, c += tile.ldc) {
    Vec left = load(sums) * alpha, right = load(sums + kTile) * alpha;
    if (tile.accumulate) left = left + load(c), right = right + load(c + kTile);
    put(c, left, right, past);
  }
}

template <bool lower, bool right>
void microTiles(const GemmPiece* pieces, int count, const GemmTile& tile) {
  // Whole tiles need no detour: their partial sums are loaded and stored as tiles.
  const bool whole = tile.rows == kSide && tile.columns == kSide;
  __asm__ volatile("" ::: "memory");  // the tile loads do not say what they read
  startTiles<lower, right>(tile, whole && tile.resume);
  for (int i = 0; i < count; ++i) sumPiece<lower, right>(pieces[i]);
  if (whole && !tile.final) return storeTiles<lower, right>(tile.partial, tile.ldp);
  alignas(64) float sums[kSide * kSide];
  storeTiles<lower, right>(sums, kSide);
  if (whole) return tile.bf16 ? finishWhole<Bf16>(sums, tile) : finishWhole<float>(sums, tile);
  endTile(sums, kSide, tile);
}

void microAmx(const GemmPiece* pieces, int count, const GemmTile& tile) {
  static constexpr void (*kinds[])(const GemmPiece*, int, const GemmTile&) = {microTiles<false, false>, microTiles<false, true>,
                                                                              microTiles<true, false>, microTiles<true, true>};
  kinds[(tile.rows > kTile ? 2 : 0) + (tile.columns > kTile ? 1 : 0)](pieces, count, tile);
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

// A B panel is its two halves of 16 columns, step by step in turn.
template <class T>
void packRowsB(void* panel, const void* source, int64_t stride, int count, int k) {
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  for (int at = 0; at < k; at += kDepth)
    for (int column = 0; column < kSide; column += kTile, to += kTile * 16) {
      Vec square[16];
      for (int i = 0; i < 16; ++i) square[i] = column + i < count ? pairs(from + (column + i) * stride + at, k - at) : zeros();
      transposeSquare(square);
      for (int i = 0; i < 16; ++i) store(to + i * 16, square[i]);
    }
}

template <class T>
void packColumnsB(void* panel, const void* source, int64_t stride, int count, int k) {
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  for (int at = 0; at < k; at += kDepth)
    for (int column = 0; column < kSide; column += kTile)
      for (int one = at; one < at + kDepth; one += 2, to += 16) {
        const int here = count - column;
        __m512i pair = _mm512_setzero_si512();
        if (here > 0 && one < k) pair = halves(from + one * stride + column, here);
        if (here > 0 && one + 1 < k) pair = _mm512_or_si512(pair, _mm512_slli_epi32(halves(from + (one + 1) * stride + column, here), 16));
        store(to, {_mm512_castsi512_ps(pair)});
      }
}

// kBlock: one B panel's block (36 KiB) stays in the first-level cache while A panels stream past.
constexpr GemmKernel kAmx = {kSide,
                             kSide,
                             kDepth,
                             576,
                             kTile,
                             2,
                             true,
                             {packRowsA<float>, packColumnsA<float>},
                             {packRowsA<Bf16>, packColumnsA<Bf16>},
                             {packRowsB<float>, packColumnsB<float>},
                             {packRowsB<Bf16>, packColumnsB<Bf16>},
                             microAmx,
                             enterTiles,
                             leaveTiles};

}  // namespace
}  // namespace lathe
