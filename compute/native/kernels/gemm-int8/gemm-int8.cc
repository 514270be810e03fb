// The table and the driver of the int8 product.
//
//   quantise A                                    in parallel, row by row
//   for each slice of N                           its panels fit the shared cache; one slice where op(B) is packed
//     pack op(B) into panels, unless it is        in parallel
//     for each block of C (rows × 256 columns)    in parallel
//       for each slice of k                       a few panels of it fit a core's second-level cache
//         for each panel, for each tile of rows: microkernel, which sums into C
#include "kernels/gemm-int8/gemm-int8.h"

#include <algorithm>
#include <cstring>

#include "core/threads.h"
#include "kernels/dequant/dequant.h"

namespace lathe {
namespace {

constexpr int64_t kGroup = 256;             // columns or k widened at a time: whole blocks of every quantised type
constexpr int64_t kSharedBytes = 8 << 20;   // panels of one slice of N
constexpr int64_t kRowsABlock = 96;         // of C, about
constexpr int64_t kSliceBlocks = 12;        // of k, in one call of the microkernel
constexpr int64_t kLine = 64;               // bytes of a cache line
constexpr int64_t kRowsAQuantising = 16;
constexpr int64_t kChunkBytes = kGroup * kInt8Block * 4;  // one worker's widened piece of op(B)

constexpr int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
constexpr int64_t roundUp(int64_t a, int64_t b) { return ceilDiv(a, b) * b; }

const GemmInt8Kernel& chosenKernel() { return gemmInt8Table().function()(); }

// All sizes of one product. aStride is an odd number of cache lines, so that the rows of a tile do not share cache sets.
struct Plan {
  int64_t blocks, aStride, aRows, nSlice;
  int64_t aBytes, scaleBytes, panelBytes, chunkBytes;

  explicit Plan(const GemmInt8Args& args) {
    constexpr int64_t kLargestTile = 16;  // rows that a tile at the end may read behind the last
    blocks = ceilDiv(args.k, kInt8Block);
    aStride = (blocks * kInt8Block / kLine | 1) * kLine;
    aRows = args.m + kLargestTile;
    aBytes = aRows * aStride;
    scaleBytes = roundUp(aRows * blocks * 4, 64);
    const int64_t panelSize = std::max<int64_t>(1, blocks) * static_cast<int64_t>(sizeof(Int8PanelBlock));
    const int64_t fit = kSharedBytes / panelSize * kInt8Columns / kGroup * kGroup;
    nSlice = args.packed ? args.n : std::min(roundUp(args.n, kInt8Columns), std::max(kGroup, fit));
    panelBytes = args.packed ? 0 : nSlice / kInt8Columns * panelSize;
    chunkBytes = args.packed ? 0 : threads() * kChunkBytes;
  }
  int64_t bytes() const { return aBytes + scaleBytes + panelBytes + chunkBytes; }
};

void quantiseA(const GemmInt8Args& args, const Plan& plan, uint8_t* bytes, float* scales) {
  const GemmInt8Kernel& kernel = chosenKernel();
  parallelFor(ceilDiv(args.m, kRowsAQuantising), [&](int64_t index, int) {
    const int64_t end = std::min(args.m, (index + 1) * kRowsAQuantising);
    for (int64_t m = index * kRowsAQuantising; m < end; ++m) {
      for (int64_t b = 0; b < plan.blocks; ++b) {
        const int64_t count = std::min(kInt8Block, args.k - b * kInt8Block);
        const float* x = args.a + m * args.k + b * kInt8Block;
        alignas(64) float padded[kInt8Block];
        if (count < kInt8Block) {
          std::memcpy(padded, x, static_cast<size_t>(count) * 4);
          std::fill(padded + count, padded + kInt8Block, 0.0f);
          x = padded;
        }
        int32_t sum;
        scales[m * plan.blocks + b] = args.alpha * kernel.quantiseRun(x, kernel.flipOfA, bytes + m * plan.aStride + b * kInt8Block, &sum);
      }
    }
  });
}

// Packs columns [n0, n0 + width) of op(B); n0 is a multiple of kGroup, or of kInt8Columns where B is stored [N, K].
struct Packer {
  const GemmInt8Args& args;
  const GemmInt8Kernel& kernel;
  int64_t blocks;
  void (*widen)(const void* source, float* to, int64_t n);

  explicit Packer(const GemmInt8Args& a)
      : args(a), kernel(chosenKernel()), blocks(ceilDiv(a.k, kInt8Block)), widen(dequantTable().function()().toFloat[static_cast<int>(a.bType)]) {}

  void pack(Int8PanelBlock* panels, int64_t n0, int64_t width, char* chunks) const {
    const auto chunkOf = [&](int worker) { return reinterpret_cast<float*>(chunks + worker * kChunkBytes); };
    if (args.transposeB) {
      parallelFor(ceilDiv(width, kInt8Columns), [&](int64_t panel, int worker) {
        const int64_t n = panel * kInt8Columns;
        packRows(panels + panel * blocks, n0 + n, std::min(kInt8Columns, width - n), chunkOf(worker));
      });
      return;
    }
    const int64_t groups = ceilDiv(width, kGroup);
    parallelFor(groups * blocks, [&](int64_t index, int worker) {
      const int64_t n = index / blocks * kGroup, block = index % blocks;
      packColumns(panels + n / kInt8Columns * blocks + block, n0 + n, block, chunkOf(worker), std::min(kGroup, width - n));
    });
  }

 private:
  const void* stored(int64_t columns, int64_t row, int64_t column) const {
    return static_cast<const char*>(args.b) + bytesOf(args.bType, columns) * row + bytesOf(args.bType, column);
  }

  // Stored [N, K]: the rows of one panel, kGroup of k at a time.
  void packRows(Int8PanelBlock* panel, int64_t n0, int64_t count, float* chunk) const {
    for (int64_t n = 0; n < kInt8Columns; ++n) {
      for (int64_t k = 0; k < args.k; k += kGroup) {
        const int64_t run = n < count ? std::min(kGroup, args.k - k) : 0, padded = roundUp(std::min(kGroup, args.k - k), kInt8Block);
        if (run > 0) widen(stored(args.k, n0 + n, k), chunk, run);
        std::fill(chunk + run, chunk + padded, 0.0f);
        for (int64_t i = 0; i < padded; i += kInt8Block) column(panel[(k + i) / kInt8Block], n, chunk + i);
      }
    }
  }

  void column(Int8PanelBlock& block, int64_t n, const float* x) const {
    alignas(64) uint8_t bytes[kInt8Block];
    int32_t sum;
    block.scales[n] = kernel.quantiseRun(x, 0, bytes, &sum);
    block.starts[n] = -128 * sum;
    for (int64_t i = 0; i < kInt8Block; i += kInt8Step) std::memcpy(block.bytes + (i / kInt8Step * kInt8Columns + n) * kInt8Step, bytes + i, kInt8Step);
  }

  // Stored [K, N]: one block of k, the group's columns; `panel` is that block of the first panel.
  void packColumns(Int8PanelBlock* panel, int64_t n0, int64_t block, float* chunk, int64_t width) const {
    const int64_t rows = std::min(kInt8Block, args.k - block * kInt8Block), padded = roundUp(width, kInt8Columns);
    for (int64_t i = 0; i < kInt8Block; ++i) {
      const int64_t run = i < rows ? width : 0;
      if (run > 0) widen(stored(args.n, block * kInt8Block + i, n0), chunk + i * kGroup, run);
      std::fill(chunk + i * kGroup + run, chunk + i * kGroup + padded, 0.0f);
    }
    for (int64_t n = 0; n < padded; n += kInt8Columns) kernel.quantiseColumns(chunk + n, kGroup, panel + n / kInt8Columns * blocks);
  }
};

// C's columns [n0, n0 + width) from their panels.
void multiply(const GemmInt8Args& args, const Plan& plan, const uint8_t* a, const float* aScales, const Int8PanelBlock* panels, int64_t n0, int64_t width) {
  const GemmInt8Kernel& kernel = chosenKernel();
  const int64_t mBlock = roundUp(kRowsABlock, kernel.mr), nBlocks = ceilDiv(width, kGroup);
  const int64_t step = ceilDiv(plan.blocks, ceilDiv(plan.blocks, kSliceBlocks));  // slices as even as can be
  parallelFor(ceilDiv(args.m, mBlock) * nBlocks, [&](int64_t index, int) {
    const int64_t m0 = index / nBlocks * mBlock, m1 = std::min(args.m, m0 + mBlock), j0 = index % nBlocks * kGroup;
    Int8Tile tile{};
    tile.aStride = plan.aStride;
    tile.aScaleStride = plan.blocks;
    tile.ldc = args.n;
    for (int64_t b = 0; b < plan.blocks; b += step) {
      tile.blocks = std::min(step, plan.blocks - b);
      tile.k = std::min(tile.blocks * kInt8Block, args.k - b * kInt8Block);
      tile.fresh = b == 0 && !args.accumulate;
      for (int64_t j = j0; j < std::min(width, j0 + kGroup); j += kInt8Columns) {
        tile.panel = panels + j / kInt8Columns * plan.blocks + b;
        tile.columns = static_cast<int>(std::min(kInt8Columns, width - j));
        for (int64_t m = m0; m < m1; m += kernel.mr) {
          tile.a = a + m * plan.aStride + b * kInt8Block;
          tile.aScales = aScales + m * plan.blocks + b;
          tile.c = args.c + m * args.n + n0 + j;
          tile.rows = static_cast<int>(std::min<int64_t>(kernel.mr, m1 - m));
          kernel.micro(tile);
        }
      }
    }
  });
}

}  // namespace

const char* const kInt8Panels = "int8 panels";

const KernelTable<GemmInt8Row>& gemmInt8Table() {
  static const auto* table = new KernelTable<GemmInt8Row>("gemm_int8", {
#include "kernels/gemm-int8/kernels.inc"
                                                                       });
  return *table;
}

int64_t gemmInt8PackedBytes(int64_t n, int64_t k) {
  return ceilDiv(n, kInt8Columns) * ceilDiv(k, kInt8Block) * static_cast<int64_t>(sizeof(Int8PanelBlock));
}

int64_t gemmInt8PackScratchBytes() { return threads() * kChunkBytes; }

void gemmInt8Pack(void* packed, const GemmInt8Args& args, void* scratch) {
  Packer(args).pack(static_cast<Int8PanelBlock*>(packed), 0, args.n, static_cast<char*>(scratch));
}

int64_t gemmInt8ScratchBytes(const GemmInt8Args& args) { return args.m == 0 || args.n == 0 || args.k == 0 ? 0 : Plan(args).bytes(); }

void gemmInt8(const GemmInt8Args& args, void* scratch) {
  if (args.m == 0 || args.n == 0) return;
  if (args.k == 0) {
    if (!args.accumulate) std::fill(args.c, args.c + args.m * args.n, 0.0f);
    return;
  }
  const Plan plan(args);
  auto* a = static_cast<uint8_t*>(scratch);
  auto* aScales = reinterpret_cast<float*>(a + plan.aBytes);
  char* panels = reinterpret_cast<char*>(aScales) + plan.scaleBytes;
  quantiseA(args, plan, a, aScales);
  if (args.packed) return multiply(args, plan, a, aScales, static_cast<const Int8PanelBlock*>(args.b), 0, args.n);
  for (int64_t n0 = 0; n0 < args.n; n0 += plan.nSlice) {
    const int64_t width = std::min(plan.nSlice, args.n - n0);
    Packer(args).pack(reinterpret_cast<Int8PanelBlock*>(panels), n0, width, panels + plan.panelBytes);
    multiply(args, plan, a, aScales, reinterpret_cast<const Int8PanelBlock*>(panels), n0, width);
  }
}

}  // namespace lathe
