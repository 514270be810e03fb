// bf16 products with Advanced SIMD's bfmmla: tiles of 8 × 8, a register holds 2 × 2 sums, 16 of the 32 hold all. bfmmla adds the products
// of 2 rows and 2 columns over 4 neighbours in k.
//   Panels are [k / 4][rows or columns][4], so that a register is two rows (columns) of one step. f32 is rounded to nearest even.
#include "kernels/simd/neon.h"

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/tile-store.inl"

namespace lathe {
namespace {

constexpr int kSide = 8, kDepth = 4, kPairs = kSide / 2;

// Up to 4 elements as bf16, 0 behind `count`.
inline uint16x4_t bits(const float* p, int count) { return vreinterpret_u16_bf16(vcvt_bf16_f32(loadSome(p, count).v)); }
inline uint16x4_t bits(const Bf16* p, int count) {
  if (count >= 4) return vld1_u16(&p->bits);
  uint16_t elements[4] = {};
  memcpy(elements, p, static_cast<size_t>(count) * 2);
  return vld1_u16(elements);
}

template <class T>
void packRows(void* panel, const void* source, int64_t stride, int count, int k) {
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<uint16_t*>(panel);
  for (int at = 0; at < k; at += kDepth)
    for (int i = 0; i < kSide; ++i, to += kDepth) vst1_u16(to, i < count ? bits(from + i * stride + at, k - at) : vdup_n_u16(0));
}

// Four vectors side by side and four of k: a square to turn, which st4 does.
template <class T>
void packColumns(void* panel, const void* source, int64_t stride, int count, int k) {
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<uint16_t*>(panel);
  for (int at = 0; at < k; at += kDepth)
    for (int column = 0; column < kSide; column += 4, to += 4 * kDepth) {
      uint16x4x4_t square;
      for (int i = 0; i < kDepth; ++i)
        square.val[i] = column < count && at + i < k ? bits(from + (at + i) * stride + column, count - column) : vdup_n_u16(0);
      vst4_u16(to, square);
    }
}

// kRowPairs pairs of rows of the tile; a pair of columns is loaded once for all of them.
template <int kRowPairs>
void micro(const GemmPiece* pieces, int count, const GemmTile& tile) {
  float32x4_t sums[kRowPairs][kPairs] = {};
  for (const GemmPiece* piece = pieces; piece < pieces + count; ++piece) {
    const auto* a = reinterpret_cast<const bfloat16_t*>(piece->a);
    const auto* b = reinterpret_cast<const bfloat16_t*>(piece->b);
    for (int64_t steps = piece->k / kDepth; steps > 0; --steps, a += kSide * kDepth, b += kSide * kDepth) {
      bfloat16x8_t rows[kRowPairs];
#pragma GCC unroll 4
      for (int i = 0; i < kRowPairs; ++i) rows[i] = vld1q_bf16(a + 2 * kDepth * i);
#pragma GCC unroll 4
      for (int j = 0; j < kPairs; ++j) {
        const bfloat16x8_t columns = vld1q_bf16(b + 2 * kDepth * j);
#pragma GCC unroll 4
        for (int i = 0; i < kRowPairs; ++i) sums[i][j] = vbfmmlaq_f32(sums[i][j], rows[i], columns);
      }
    }
  }
  float out[2 * kRowPairs * kSide];
#pragma GCC unroll 4
  for (int i = 0; i < kRowPairs; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < kPairs; ++j) {
      vst1_f32(out + 2 * i * kSide + 2 * j, vget_low_f32(sums[i][j]));
      vst1_f32(out + (2 * i + 1) * kSide + 2 * j, vget_high_f32(sums[i][j]));
    }
  endTile(out, kSide, tile);
}

void microBf16(const GemmPiece* pieces, int count, const GemmTile& tile) {
  static constexpr void (*kinds[])(const GemmPiece*, int, const GemmTile&) = {micro<1>, micro<2>, micro<3>, micro<4>};
  kinds[(tile.rows - 1) / 2](pieces, count, tile);
}

}  // namespace

const GemmKernel* gemmBf16Neon() {
  static constexpr GemmKernel kernel = {kSide,
                                        kSide,
                                        kDepth,
                                        768,
                                        2,
                                        2,
                                        false,
                                        {packRows<float>, packColumns<float>},
                                        {packRows<Bf16>, packColumns<Bf16>},
                                        {packRows<float>, packColumns<float>},
                                        {packRows<Bf16>, packColumns<Bf16>},
                                        microBf16,
                                        nullptr,
                                        nullptr};
  return &kernel;
}

}  // namespace lathe
