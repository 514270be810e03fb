// The microkernel over Vec, for every instruction set without tiles: included by gemm-<isa>.cc after kernels/simd/<isa>.h.
// Panels are [k / step][mr] and [k / step][nr] words of 32 bits: one f32, or two bf16 neighbours in k. Each element of C is one chain
// of fused multiply-adds in ascending k, whatever its tile.
#include "kernels/gemm/tile-store.inl"

namespace lathe {
namespace {

struct FloatProduct {
  static constexpr int kStep = 1;
  static Vec add(Vec x, Vec y, Vec sum) { return fma(x, y, sum); }
};

constexpr int kUnroll = 4;  // steps of k between two branches

template <class Product, int kRows, int kVecs>
__attribute__((always_inline)) inline void addStep(const float* a, const float* b, Vec (&sums)[kRows][kVecs]) {
  Vec row[kVecs];
#pragma GCC unroll 8
  for (int j = 0; j < kVecs; ++j) row[j] = load(b + j * Vec::kLanes);
#pragma GCC unroll 32
  for (int i = 0; i < kRows; ++i) {
    const Vec x = broadcast(a[i]);
#pragma GCC unroll 8
    for (int j = 0; j < kVecs; ++j) sums[i][j] = Product::add(x, row[j], sums[i][j]);
  }
}

// kRows × kVecs registers of sums; the b row of a step stays in registers, a is broadcast.
template <class Product, int kRows, int kVecs, int mr, int nr>
void micro(const GemmPiece* pieces, int count, const GemmTile& tile) {
  constexpr int L = Vec::kLanes;
  Vec sums[kRows][kVecs];
#pragma GCC unroll 32
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kVecs; ++j) sums[i][j] = zeros();
  for (const GemmPiece* piece = pieces; piece < pieces + count; ++piece) {
    const auto* a = reinterpret_cast<const float*>(piece->a);
    const auto* b = reinterpret_cast<const float*>(piece->b);
    int64_t steps = piece->k / Product::kStep;
    for (; steps >= kUnroll; steps -= kUnroll, a += kUnroll * mr, b += kUnroll * nr)
#pragma GCC unroll 8
      for (int step = 0; step < kUnroll; ++step) addStep<Product, kRows, kVecs>(a + step * mr, b + step * nr, sums);
    for (; steps > 0; --steps, a += mr, b += nr) addStep<Product, kRows, kVecs>(a, b, sums);
  }
  alignas(64) float out[kRows * kVecs * L];
#pragma GCC unroll 32
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kVecs; ++j) store(out + (i * kVecs + j) * L, sums[i][j]);
  endTile(out, kVecs * L, tile);
}

using Micro = void (*)(const GemmPiece*, int, const GemmTile&);

template <class Product, int mr, int nr, int... kRows>
struct MicroTable {
  static constexpr int L = Vec::kLanes;
  static void run(const GemmPiece* pieces, int count, const GemmTile& tile) {
    static constexpr Micro whole[] = {micro<Product, kRows, nr / L, mr, nr>...};
    static constexpr Micro narrow[] = {micro<Product, kRows, (nr / L + 1) / 2, mr, nr>...};
    (tile.columns > (nr / L + 1) / 2 * L ? whole : narrow)[tile.rows - 1](pieces, count, tile);
  }
};

}  // namespace
}  // namespace lathe
