// The blocked driver: cuts a product into cache-sized pieces, packs them into panels and calls a row's microkernel. One for all rows.
//
//   for each slice of K (sliceOfK)           its part of op(B) fits the shared cache
//     for each slice of N (nSlice)
//       pack op(B) into panels               in parallel, once for all rows of C
//       for each block of C (mBlock × nBlock)  in parallel
//         pack op(A), unless this thread just did for the block to the left
//         for each block of the slice's k    one A block fits a core's second-level cache
//           for each B panel, for each A panel: microkernel
#include <algorithm>
#include <vector>

#include "core/threads.h"
#include "kernels/gemm/gemm.h"
#include "kernels/gemm/pack-b.h"

namespace lathe {
namespace {

constexpr int64_t kSharedBytes = 4 << 20;  // packed op(B) of one slice
constexpr int64_t kCacheBytes = 1 << 20;   // of one core
constexpr int64_t kTasksWanted = 96;       // enough for the cores of a large machine; by shape, not by how many there are

constexpr int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
constexpr int64_t roundUp(int64_t a, int64_t b) { return ceilDiv(a, b) * b; }

// How a product is cut. A panel of B is read once for every block of rows, from memory where B is large: f32 panels, twice the bytes of bf16,
// serve as many rows as the second-level cache holds, and a long K is cut into slices short enough for that.
struct Cuts {
  int64_t longK, slice;             // of K, where it is longer than longK
  int64_t panels, panelsAtLeast;    // of A, in one block of C
  int64_t columns, columnsAtLeast;  // of C in a block, before it takes fewer panels
  int64_t aBytes;                   // packed op(A) of a block of more than panelsAtLeast
};
constexpr Cuts kFloatCuts{4096, 768, 24, 8, 128, 64, 384 << 10};
constexpr Cuts kBf16Cuts{4096, 4096, 8, 8, 512, 128, 0};

// All sizes of one product: by shape and row only.
struct Plan {
  const GemmKernel& kernel;
  const GemmArgs& args;
  int64_t panelRows, panelsABlock, mBlock, mBlocks;
  int64_t nSlice, nBlock;
  int64_t sliceOfK, slices, kBlock;  // kBlock: the largest piece of k a microkernel runs over
  int64_t rank;                    // of A2 · op(B2), padded
  bool readsRows;                  // op(A) is multiplied where it lies; only a last, shorter panel is packed
  int64_t sumsBytes, sharedBytes, lowRankBytes, aBytes, a2Bytes, partialBytes;

  Plan(const GemmKernel& row, const GemmArgs& a) : kernel(row), args(a) {
    const int64_t panels = std::max<int64_t>(1, ceilDiv(a.m, row.mr));
    panelRows = roundUp(ceilDiv(a.m, panels), row.rowStep);  // as even as can be: 16 rows are 8 + 8, not 14 + 2
    const Cuts& cuts = row.elementBytes == 4 ? kFloatCuts : kBf16Cuts;
    sliceOfK = a.k > cuts.longK ? cuts.slice : cuts.longK;
    slices = std::max<int64_t>(1, ceilDiv(a.k, sliceOfK));
    kBlock = std::max(blockOf(0), blockOf(slices - 1));
    const int64_t fit = kSharedBytes / (std::min(sliceOfK, roundUp(a.k, row.kStep)) * row.elementBytes);
    nSlice = a.packed ? roundUp(a.n, kGroup) : std::min(roundUp(a.n, kGroup), std::max(kGroup, fit / kGroup * kGroup));
    const int64_t panelBytes = std::max<int64_t>(1, row.mr * std::min(sliceOfK, a.k) * row.elementBytes);
    panelsABlock = std::min(panels, std::clamp(cuts.aBytes / panelBytes, cuts.panelsAtLeast, cuts.panels));
    nBlock = std::min(cuts.columns, nSlice);
    const auto tasks = [&] { return ceilDiv(panels, panelsABlock) * ceilDiv(std::min(a.n, nSlice), nBlock); };
    while (tasks() < kTasksWanted && nBlock > cuts.columnsAtLeast) nBlock = roundUp(nBlock / 2, row.nr);
    while (tasks() < kTasksWanted && panelsABlock > 2) panelsABlock /= 2;
    while (tasks() < kTasksWanted && nBlock > 2 * row.nr) nBlock = roundUp(nBlock / 2, row.nr);
    mBlock = panelsABlock * panelRows;
    mBlocks = ceilDiv(panels, panelsABlock);
    rank = roundUp(a.rank, row.kStep);
    readsRows = row.readsRows && a.aType == DType::BF16 && !a.transposeA && a.k % row.kStep == 0 && panelRows == row.mr;
    sumsBytes = slices > 1 ? roundUp(a.m * a.n * 4, 64) : 0;
    sharedBytes = a.packed ? 0 : roundUp(nSlice * std::min(sliceOfK, roundUp(a.k, row.kStep)) * row.elementBytes, 64);
    lowRankBytes = roundUp(nSlice * rank * row.elementBytes, 64);
    aBytes = roundUp(packedPanels() * row.mr * std::min(sliceOfK, roundUp(a.k, row.kStep)) * row.elementBytes, 64);
    a2Bytes = roundUp(panelsABlock * row.mr * rank * row.elementBytes, 64);
    partialBytes = slices > 1 || kBlock >= a.k ? 0 : roundUp(mBlock * nBlock * 4, 64);
  }

  int64_t packedPanels() const { return readsRows ? 1 : panelsABlock; }
  int64_t sliceLength(int64_t slice) const { return std::min(sliceOfK, args.k - slice * sliceOfK); }
  // The slice in pieces as even as can be.
  int64_t blockOf(int64_t slice) const {
    const int64_t length = sliceLength(slice);
    return roundUp(ceilDiv(length, ceilDiv(length, kernel.kBlock)), kernel.kStep);
  }
  int64_t workerBytes() const { return aBytes + a2Bytes + partialBytes + kChunkFloats * 4; }
  int64_t bytes() const { return sumsBytes + sharedBytes + lowRankBytes + threads() * workerBytes(); }
};

// One product on its way: which slices, and where their panels are.
struct Pass {
  const Plan& plan;
  int64_t slice, n0, width;  // of C's columns
  const char* panels;        // of column n0, offset 0 of the slice
  int64_t panelStride;       // in k
  const char* lowRankPanels;
  float* sums;               // [M, N] over slices, or null

  // What one thread has packed of a block of rows.
  struct Rows {
    char *a, *a2;
    float* partial;
  };
  Rows rowsAt(char* own) const {
    char* partial = own + plan.aBytes + plan.a2Bytes;
    return {own, own + plan.aBytes, plan.partialBytes == 0 ? nullptr : reinterpret_cast<float*>(partial)};
  }

  // A block of the slice's k at offset k of a block of rows' panels.
  char* aBlockAt(char* panels, int64_t k) const { return panels + plan.packedPanels() * plan.kernel.mr * k * plan.kernel.elementBytes; }

  void packRows(const Rows& own, int64_t m0) const {
    const GemmArgs& args = plan.args;
    const int64_t rows = std::min(plan.mBlock, args.m - m0), sliceLength = plan.sliceLength(slice), step = plan.blockOf(slice);
    const int64_t skipped = plan.readsRows ? rows / plan.kernel.mr * plan.kernel.mr : 0;
    const Matrix a{args.a, args.aType, args.transposeA, args.transposeA ? args.m : args.k};
    for (int64_t k = 0; k < sliceLength; k += step)
      packA(a, aBlockAt(own.a, k), {m0 + skipped, rows - skipped, slice * plan.sliceOfK + k, std::min(step, sliceLength - k)});
    if (args.rank > 0) packA({args.a2, args.a2Type, false, args.rank}, own.a2, {m0, rows, 0, args.rank});
  }

  // Block of C at row m0, column n0 + j0, from the packed rows.
  void block(int64_t m0, int64_t j0, const Rows& own) const {
    const GemmKernel& kernel = plan.kernel;
    const GemmArgs& args = plan.args;
    const int64_t rows = std::min(plan.mBlock, args.m - m0), columns = std::min(plan.nBlock, width - j0);
    const int64_t sliceLength = plan.sliceLength(slice), step = plan.blockOf(slice);
    const int cBytes = info(args.cType).blockBytes;
    GemmTile tile{};
    tile.ldc = args.n;
    tile.ldp = sums != nullptr ? args.n : plan.nBlock;
    tile.alpha = args.alpha;
    tile.bf16 = args.cType == DType::BF16;
    tile.accumulate = args.accumulate;
    tile.large = args.m * args.n * cBytes > kCacheBytes;
    float* partialBlock = sums != nullptr ? sums + m0 * args.n + n0 + j0 : own.partial;
    for (int64_t k = 0; k < sliceLength; k += step) {
      const int64_t length = std::min(step, sliceLength - k);
      tile.resume = slice > 0 || k > 0;
      tile.final = slice + 1 == plan.slices && k + step >= sliceLength;
      const int pieces = tile.final && args.rank > 0 ? 2 : 1;
      for (int64_t j = 0; j < columns; j += kernel.nr) {
        tile.columns = static_cast<int>(std::min<int64_t>(kernel.nr, columns - j));
        for (int64_t i = 0; i < rows; i += plan.panelRows) {
          tile.rows = static_cast<int>(std::min(plan.panelRows, rows - i));
          tile.c = static_cast<char*>(args.c) + ((m0 + i) * args.n + n0 + j0 + j) * cBytes;
          tile.partial = partialBlock == nullptr ? nullptr : partialBlock + i * tile.ldp + j;
          const GemmPiece both[] = {piece(own, {m0, i, k, length}, j0 + j, tile.rows), lowRankPiece(own, i, j0 + j)};
          kernel.micro(both, pieces, tile);
        }
      }
    }
  }

 private:
  struct Matrix {
    const void* data;
    DType type;
    bool transposed;
    int64_t columns;
  };
  struct Range {
    int64_t m, rows, k, length;
  };

  // Rows and a run of k of a matrix as panels of `panelRows`, one after the other.
  void packA(const Matrix& a, char* panels, const Range& range) const {
    const GemmKernel& kernel = plan.kernel;
    const GemmKernel::Pack& pack = a.type == DType::F32 ? kernel.aFloat : kernel.aBf16;
    const int64_t panelBytes = kernel.mr * roundUp(range.length, kernel.kStep) * kernel.elementBytes;
    const int length = static_cast<int>(range.length);
    for (int64_t row = 0; row < range.rows; row += plan.panelRows, panels += panelBytes) {
      const int count = static_cast<int>(std::min(plan.panelRows, range.rows - row));
      if (a.transposed) {
        pack.columns(panels, elementAt(a.data, a.type, a.columns, range.k, range.m + row), a.columns, count, length);
      } else {
        pack.rows(panels, elementAt(a.data, a.type, a.columns, range.m + row, range.k), a.columns, count, length);
      }
    }
  }

  // Row m0 + i and the following at k of the slice (range: m0, i, k, length), times the panel of column j.
  GemmPiece piece(const Rows& own, const Range& range, int64_t j, int rows) const {
    const GemmKernel& kernel = plan.kernel;
    const int64_t padded = roundUp(range.length, kernel.kStep), stepBytes = kernel.kStep * kernel.elementBytes;
    const char* b = panels + (j / kernel.nr * panelStride + range.k) * kernel.nr * kernel.elementBytes;
    if (plan.readsRows && rows == kernel.mr) {
      const void* a = elementAt(plan.args.a, DType::BF16, plan.args.k, range.m + range.rows, slice * plan.sliceOfK + range.k);
      return {static_cast<const char*>(a), plan.args.k * 2, stepBytes, b, padded};
    }
    const int64_t panel = plan.readsRows ? 0 : range.rows / plan.panelRows;
    const char* a = aBlockAt(own.a, range.k) + panel * kernel.mr * padded * kernel.elementBytes;
    return {a, stepBytes, kernel.mr * stepBytes, b, padded};
  }

  GemmPiece lowRankPiece(const Rows& own, int64_t i, int64_t j) const {
    const GemmKernel& kernel = plan.kernel;
    const int64_t stepBytes = kernel.kStep * kernel.elementBytes, bytesARow = plan.rank * kernel.elementBytes;
    return {own.a2 + i / plan.panelRows * kernel.mr * bytesARow, stepBytes, kernel.mr * stepBytes, lowRankPanels + j * bytesARow, plan.rank};
  }
};

}  // namespace

int64_t gemmBlockedScratchBytes(const GemmKernel& kernel, const GemmArgs& args) { return Plan(kernel, args).bytes(); }

namespace {

// op(B2)'s columns [n0, n0 + width) as panels.
void packLowRank(const Plan& plan, char* panels, int64_t n0, int64_t width) {
  GemmArgs second;
  second.n = plan.args.n;
  second.k = plan.args.rank;
  second.b = plan.args.b2;
  second.bType = plan.args.b2Type;
  second.transposeB = plan.args.transposeB2;
  BPacker{plan.kernel, second, 0, second.k, plan.rank}.group(panels, n0, width, nullptr);
}

}  // namespace

void gemmBlocked(const GemmKernel& kernel, const GemmArgs& args, void* scratch) {
  const Plan plan(kernel, args);
  auto* sums = static_cast<char*>(scratch);
  char* shared = sums + plan.sumsBytes;
  char* lowRank = shared + plan.sharedBytes;
  char* workers = lowRank + plan.lowRankBytes;
  const auto chunkOf = [&](int worker) { return workers + worker * plan.workerBytes(); };
  const int64_t wholeK = roundUp(args.k, kernel.kStep), packingStep = packingColumns(kernel, args);
  for (int64_t slice = 0; slice < plan.slices; ++slice) {
    const int64_t length = plan.sliceLength(slice), stride = args.packed ? wholeK : roundUp(length, kernel.kStep);
    for (int64_t n0 = 0; n0 < args.n; n0 += plan.nSlice) {
      const int64_t width = std::min(plan.nSlice, args.n - n0);
      Pass pass{plan, slice, n0, width, shared, stride, lowRank, plan.sumsBytes == 0 ? nullptr : reinterpret_cast<float*>(sums)};
      if (args.packed) {
        pass.panels = static_cast<const char*>(args.b) + (n0 / kernel.nr * wholeK + slice * plan.sliceOfK) * kernel.nr * kernel.elementBytes;
      } else {
        const BPacker packer{kernel, args, slice * plan.sliceOfK, length, stride};
        parallelFor(ceilDiv(width, packingStep), [&](int64_t index, int worker) {
          const int64_t n = index * packingStep;
          packer.group(packer.panelAt(shared, n / kernel.nr, 0), n0 + n, std::min(packingStep, width - n), reinterpret_cast<float*>(chunkOf(worker)));
        });
      }
      if (args.rank > 0 && slice + 1 == plan.slices) packLowRank(plan, lowRank, n0, width);
      const int64_t nBlocks = ceilDiv(width, plan.nBlock);
      std::vector<int64_t> held(static_cast<size_t>(threads()), -1);  // the row block whose panels each thread has
      parallelFor(plan.mBlocks * nBlocks, [&](int64_t index, int worker) {
        const Pass::Rows own = pass.rowsAt(chunkOf(worker) + kChunkFloats * 4);
        const int64_t m = index / nBlocks;
        if (held[static_cast<size_t>(worker)] != m) pass.packRows(own, m * plan.mBlock);
        held[static_cast<size_t>(worker)] = m;
        if (kernel.enter != nullptr) kernel.enter();
        pass.block(m * plan.mBlock, index % nBlocks * plan.nBlock, own);
        if (kernel.leave != nullptr) kernel.leave();
      });
    }
  }
}

void gemmBlockedPack(const GemmKernel& kernel, void* packed, const GemmArgs& args) {
  const int64_t stride = roundUp(args.k, kernel.kStep), step = packingColumns(kernel, args);
  const BPacker packer{kernel, args, 0, args.k, stride};
  parallelFor(ceilDiv(args.n, step), [&](int64_t index, int) {
    alignas(64) float chunk[kChunkFloats];
    const int64_t n = index * step;
    packer.group(packer.panelAt(packed, n / kernel.nr, 0), n, std::min(step, args.n - n), chunk);
  });
}

}  // namespace lathe
