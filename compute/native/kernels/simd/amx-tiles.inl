// How AMX rows set their tiles: the one configuration, and the instruction that takes it. Included after the tile instructions, which are
// the CPU's (kernels/simd/avx512.h) or software (kernels/gemm/amx-emulation.h, which brings its own configureTiles).
// Whether the process may use tiles is asked in core/cpu-features.cc.
namespace lathe {
namespace {

// Palette 1; all eight tiles 16 rows of 64 bytes. A constant, not stores: compilers lose those before ldtilecfg.
struct alignas(64) TileConfig {
  uint8_t palette, startRow, reserved[14];
  uint16_t rowBytes[16];
  uint8_t rows[16];
};
static_assert(sizeof(TileConfig) == 64, "as the instruction reads it");
constexpr TileConfig kTileConfig = {1, 0, {}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};

#ifndef LATHE_SOFTWARE_TILES
// Footgun: GCC 12's _tile_loadconfig says that it reads 8 bytes; stores to the other 56 may vanish. This says 64.
inline void configureTiles(const void* config) {
#if defined(_MSC_VER) && !defined(__clang__)
  _tile_loadconfig(config);
#else
  __asm__ volatile("ldtilecfg %0" ::"m"(*static_cast<const unsigned char(*)[64]>(config)));
#endif
}
#endif

}  // namespace
}  // namespace lathe
