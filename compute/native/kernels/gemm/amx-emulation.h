// The AMX tile instructions in software, for testing gemm-amx.inl on machines without them (CMake option LATHE_AMX_EMULATION; never shipped).
// What the CPU would fault on ends the process here, too: no configuration, a wrong palette, tiles whose sizes do not fit each other.
// Semantics: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, LDTILECFG, TILELOADD, TILESTORED, TDPBF16PS.
#pragma once
#include <immintrin.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernels/simd/scalar.h"

#define LATHE_SOFTWARE_TILES
#undef _tile_release
#undef _tile_zero
#undef _tile_loadd
#undef _tile_stream_loadd
#undef _tile_stored
#undef _tile_dpbf16ps
#define _tile_release() emulatedRelease()
#define _tile_zero(t) emulatedTile(t, true)
#define _tile_loadd(t, base, stride) emulatedLoad(t, base, stride)
#define _tile_stream_loadd(t, base, stride) emulatedLoad(t, base, stride)
#define _tile_stored(t, base, stride) emulatedStore(t, base, stride)
#define _tile_dpbf16ps(c, a, b) emulatedProduct(c, a, b)

namespace lathe {
namespace {

struct EmulatedTile {
  int rows, rowBytes;
  unsigned char data[16][64];
};
struct EmulatedTiles {
  bool configured;
  EmulatedTile tile[8];
};
thread_local EmulatedTiles emulated;

inline void faultUnless(bool fine, const char* what) {
  if (fine) return;
  std::fprintf(stderr, "AMX emulation: %s\n", what);
  std::abort();
}

inline void configureTiles(const void* config) {
  const auto* bytes = static_cast<const unsigned char*>(config);
  faultUnless(bytes[0] == 1, "palette");
  for (int i = 1; i < 16; ++i) faultUnless(bytes[i] == 0, "reserved bytes");
  for (int t = 0; t < 8; ++t) {
    uint16_t rowBytes;
    std::memcpy(&rowBytes, bytes + 16 + 2 * t, sizeof rowBytes);
    EmulatedTile& tile = emulated.tile[t];
    std::memset(&tile, 0, sizeof tile);
    tile.rows = bytes[48 + t];
    tile.rowBytes = rowBytes;
    faultUnless(tile.rows <= 16 && tile.rowBytes <= 64, "tile size");
  }
  for (int i = 32; i < 48; ++i) faultUnless(bytes[i] == 0, "size of a tile that does not exist");
  for (int i = 56; i < 64; ++i) faultUnless(bytes[i] == 0, "rows of a tile that does not exist");
  emulated.configured = true;
}

inline void emulatedRelease() { emulated.configured = false; }

inline EmulatedTile& emulatedTile(int t, bool zero) {
  faultUnless(emulated.configured && emulated.tile[t].rows > 0, "tile without configuration");
  if (zero) std::memset(emulated.tile[t].data, 0, sizeof emulated.tile[t].data);
  return emulated.tile[t];
}

inline void emulatedLoad(int t, const void* base, int64_t stride) {
  EmulatedTile& tile = emulatedTile(t, true);
  for (int row = 0; row < tile.rows; ++row) std::memcpy(tile.data[row], static_cast<const char*>(base) + row * stride, size_t(tile.rowBytes));
}

inline void emulatedStore(int t, void* base, int64_t stride) {
  const EmulatedTile& tile = emulatedTile(t, false);
  for (int row = 0; row < tile.rows; ++row) std::memcpy(static_cast<char*>(base) + row * stride, tile.data[row], size_t(tile.rowBytes));
}

inline float bf16At(const unsigned char* row, int index) {
  Bf16 value;
  std::memcpy(&value, row + 2 * index, sizeof value);
  return toFloat(value);
}

inline void emulatedProduct(int ct, int at, int bt) {
  EmulatedTile &c = emulatedTile(ct, false), &a = emulatedTile(at, false), &b = emulatedTile(bt, false);
  faultUnless(ct != at && ct != bt && at != bt, "the same tile twice");
  faultUnless(c.rows == a.rows && c.rowBytes == b.rowBytes && a.rowBytes / 4 == b.rows, "tiles that do not fit each other");
  for (int m = 0; m < c.rows; ++m)
    for (int k = 0; k < a.rowBytes / 4; ++k)
      for (int n = 0; n < c.rowBytes / 4; ++n) {
        float sum;
        std::memcpy(&sum, c.data[m] + 4 * n, sizeof sum);
        sum += bf16At(a.data[m], 2 * k) * bf16At(b.data[k], 2 * n) + bf16At(a.data[m], 2 * k + 1) * bf16At(b.data[k], 2 * n + 1);
        std::memcpy(c.data[m] + 4 * n, &sum, sizeof sum);
      }
}

}  // namespace
}  // namespace lathe
