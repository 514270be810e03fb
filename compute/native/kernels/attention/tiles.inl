// Products of words of two bf16 in AMX tiles of 16 x 16 sums, 16 words of depth a step (TDPBF16PS); included after the tile instructions, which are
// the CPU's (attention-amx.cc) or software (attention-amx-emulated.cc), and after product.inl.
// Intel 64 and IA-32 Architectures Optimization Reference Manual, chapter on AMX: a as rows of pairs, b in pairs of rows ("VNNI layout").
#include "kernels/simd/amx-tiles.inl"

namespace lathe {
namespace {

// Tiles are a thread's for the length of one unit.
struct TileScope {
  TileScope() { configureTiles(&kTileConfig); }
  ~TileScope() { _tile_release(); }
  TileScope(const TileScope&) = delete;
  TileScope& operator=(const TileScope&) = delete;
};

// Tiles 0-3: c, side by side; 4: a; 5, 6: b.
template <int kCount>
inline void tileRow(const Product& p, int64_t m, int64_t n, int64_t depthBegin, int64_t depthEnd) {
  float* c = p.c + m * p.cStride + n;
  const int64_t aBytes = p.aStride * 4, bBytes = p.bStride * 4, cBytes = p.cStride * 4;
  __asm__ volatile("" ::: "memory");  // the tile loads do not say what they read
  if (p.rowScale == nullptr) {
    _tile_zero(0);
    if (kCount > 1) _tile_zero(1);
    if (kCount > 2) _tile_zero(2);
    if (kCount > 3) _tile_zero(3);
  } else {
    _tile_loadd(0, c, cBytes);
    if (kCount > 1) _tile_loadd(1, c + 16, cBytes);
    if (kCount > 2) _tile_loadd(2, c + 32, cBytes);
    if (kCount > 3) _tile_loadd(3, c + 48, cBytes);
  }
  const float *a = p.a + m * p.aStride + depthBegin, *b = p.b + depthBegin * p.bStride + n;
  for (int64_t k = depthBegin; k < depthEnd; k += 16, a += 16, b += 16 * p.bStride) {
    _tile_loadd(4, a, aBytes);
    _tile_loadd(5, b, bBytes);
    _tile_dpbf16ps(0, 4, 5);
    if (kCount > 1) _tile_loadd(6, b + 16, bBytes);
    if (kCount > 1) _tile_dpbf16ps(1, 4, 6);
    if (kCount > 2) _tile_loadd(5, b + 32, bBytes);
    if (kCount > 2) _tile_dpbf16ps(2, 4, 5);
    if (kCount > 3) _tile_loadd(6, b + 48, bBytes);
    if (kCount > 3) _tile_dpbf16ps(3, 4, 6);
  }
  _tile_stored(0, c, cBytes);
  if (kCount > 1) _tile_stored(1, c + 16, cBytes);
  if (kCount > 2) _tile_stored(2, c + 32, cBytes);
  if (kCount > 3) _tile_stored(3, c + 48, cBytes);
  __asm__ volatile("" ::: "memory");
}

// Rows [m, m + 16) and columns [n, nEnd) of c, whole vectors; depth in whole steps. rowScale: nullptr or kKeep.
inline void multiplyTiles(const Product& p, int64_t m, int64_t n, int64_t nEnd, int64_t depthBegin, int64_t depthEnd) {
  for (; n + 64 <= nEnd; n += 64) tileRow<4>(p, m, n, depthBegin, depthEnd);
  switch ((nEnd - n) / 16) {
    case 3: return tileRow<3>(p, m, n, depthBegin, depthEnd);
    case 2: return tileRow<2>(p, m, n, depthBegin, depthEnd);
    case 1: return tileRow<1>(p, m, n, depthBegin, depthEnd);
  }
}

}  // namespace
}  // namespace lathe
