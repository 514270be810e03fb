// The blocked driver: cuts a product into cache-sized pieces, packs them into panels and calls a row's microkernel. One for all rows.
//
//   for each slice of K (kSlice)             its part of op(B) fits the shared cache
//     for each slice of N (nSlice)
//       pack op(B) into panels               in parallel, once for all rows of C
//       for each block of C (mBlock × nBlock)  in parallel
//         pack op(A), unless this thread just did for the block to the left
//         for each block of the slice's k    one A block fits a core's second-level cache
//           for each B panel, for each A panel: microkernel
#include <algorithm>
#include <vector>

#include "core/threads.h"
#include "kernels/dequant/dequant.h"
#include "kernels/gemm/gemm.h"

namespace lathe {
namespace {

constexpr int64_t kSlice = 4096;                // of K
constexpr int64_t kSharedBytes = 4 << 20;       // packed op(B) of one slice
constexpr int64_t kGroup = 256;                 // columns: whole blocks of every quantised type, whole panels of every row
constexpr int64_t kPanelsABlock = 8;            // of A, in one block of C
constexpr int64_t kColumnsABlock = 512;
constexpr int64_t kTasksWanted = 96;            // enough for the cores of a large machine; by shape, not by how many there are
constexpr int64_t kRowsAChunk = 32;             // widened at a time from [K, N]; a multiple of every kStep
constexpr int64_t kChunkFloats = kGroup * 32;   // one worker's widened piece of op(B)

constexpr int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
constexpr int64_t roundUp(int64_t a, int64_t b) { return ceilDiv(a, b) * b; }

bool isDirect(DType type) { return type == DType::F32 || type == DType::BF16; }

// All sizes of one product: by shape and row only.
struct Plan {
  const GemmKernel& kernel;
  const GemmArgs& args;
  int64_t panelRows, panelsABlock, mBlock, mBlocks;
  int64_t nSlice, nBlock;
  int64_t slices, kBlock;  // kBlock: the largest piece of k a microkernel runs over
  int64_t sumsBytes, sharedBytes, aBytes, partialBytes;

  Plan(const GemmKernel& row, const GemmArgs& a) : kernel(row), args(a) {
    const int64_t panels = std::max<int64_t>(1, ceilDiv(a.m, row.mr));
    panelRows = roundUp(ceilDiv(a.m, panels), row.rowStep);  // as even as can be: 16 rows are 8 + 8, not 14 + 2
    slices = std::max<int64_t>(1, ceilDiv(a.k, kSlice));
    kBlock = std::max(blockOf(0), blockOf(slices - 1));
    const int64_t fit = kSharedBytes / (std::min(kSlice, roundUp(a.k, row.kStep)) * row.elementBytes);
    nSlice = a.packed ? roundUp(a.n, kGroup) : std::min(roundUp(a.n, kGroup), std::max(kGroup, fit / kGroup * kGroup));
    panelsABlock = std::min(panels, kPanelsABlock);
    nBlock = std::min(kColumnsABlock, nSlice);
    const auto tasks = [&] { return ceilDiv(panels, panelsABlock) * ceilDiv(std::min(a.n, nSlice), nBlock); };
    while (tasks() < kTasksWanted && nBlock > 128) nBlock = roundUp(nBlock / 2, row.nr);
    while (tasks() < kTasksWanted && panelsABlock > 2) panelsABlock /= 2;
    while (tasks() < kTasksWanted && nBlock > 2 * row.nr) nBlock = roundUp(nBlock / 2, row.nr);
    mBlock = panelsABlock * panelRows;
    mBlocks = ceilDiv(panels, panelsABlock);
    sumsBytes = slices > 1 ? roundUp(a.m * a.n * 4, 64) : 0;
    sharedBytes = a.packed ? 0 : roundUp(nSlice * std::min(kSlice, roundUp(a.k, row.kStep)) * row.elementBytes, 64);
    aBytes = roundUp(panelsABlock * row.mr * std::min(kSlice, roundUp(a.k, row.kStep)) * row.elementBytes, 64);
    partialBytes = slices > 1 || kBlock >= a.k ? 0 : roundUp(mBlock * nBlock * 4, 64);
  }

  int64_t sliceLength(int64_t slice) const { return std::min(kSlice, args.k - slice * kSlice); }
  // The slice in pieces as even as can be.
  int64_t blockOf(int64_t slice) const {
    const int64_t length = sliceLength(slice);
    return roundUp(ceilDiv(length, ceilDiv(length, kernel.kBlock)), kernel.kStep);
  }
  int64_t workerBytes() const { return aBytes + partialBytes + kChunkFloats * 4; }
  int64_t bytes() const { return sumsBytes + sharedBytes + threads() * workerBytes(); }
};

// Part [k0, k0 + length) of op(B), columns from n0: panels of `stride` k each at `panels`.
struct BPacker {
  const GemmKernel& kernel;
  const GemmArgs& args;
  int64_t k0, length, stride;

  void* panelAt(void* panels, int64_t panel, int64_t k) const {
    return static_cast<char*>(panels) + (panel * stride + k) * kernel.nr * kernel.elementBytes;
  }

  // Columns [n0, n0 + width) of one group. `chunk`: kChunkFloats floats.
  void group(void* panels, int64_t n0, int64_t width, float* chunk) const {
    if (isDirect(args.bType)) return direct(panels, n0, width);
    if (args.transposeB) return widenRows(panels, n0, width, chunk);
    widenColumns(panels, n0, width, chunk);
  }

 private:
  void direct(void* panels, int64_t n0, int64_t width) const {
    const GemmKernel::Pack& pack = args.bType == DType::F32 ? kernel.bFloat : kernel.bBf16;
    for (int64_t n = 0; n < width; n += kernel.nr) {
      const int count = static_cast<int>(std::min<int64_t>(kernel.nr, width - n)), k = static_cast<int>(length);
      void* panel = panelAt(panels, n / kernel.nr, 0);
      if (args.transposeB) {
        pack.rows(panel, elementAt(args.b, args.bType, args.k, n0 + n, k0), args.k, count, k);
      } else {
        pack.columns(panel, elementAt(args.b, args.bType, args.n, k0, n0 + n), args.n, count, k);
      }
    }
  }

  // Stored [N, K]: nr rows at a time, kGroup of k.
  void widenRows(void* panels, int64_t n0, int64_t width, float* chunk) const {
    const auto widen = dequantTable().function()().toFloat[static_cast<int>(args.bType)];
    for (int64_t n = 0; n < width; n += kernel.nr) {
      const int count = static_cast<int>(std::min<int64_t>(kernel.nr, width - n));
      for (int64_t k = 0; k < length; k += kGroup) {
        const int64_t run = std::min(kGroup, length - k);
        for (int i = 0; i < count; ++i) widen(elementAt(args.b, args.bType, args.k, n0 + n + i, k0 + k), chunk + i * kGroup, run);
        kernel.bFloat.rows(panelAt(panels, n / kernel.nr, k), chunk, kGroup, count, static_cast<int>(run));
      }
    }
  }

  // Stored [K, N]: kRowsAChunk rows at a time, the group's columns.
  void widenColumns(void* panels, int64_t n0, int64_t width, float* chunk) const {
    const auto widen = dequantTable().function()().toFloat[static_cast<int>(args.bType)];
    for (int64_t k = 0; k < length; k += kRowsAChunk) {
      const int run = static_cast<int>(std::min(kRowsAChunk, length - k));
      for (int i = 0; i < run; ++i) widen(elementAt(args.b, args.bType, args.n, k0 + k + i, n0), chunk + i * kGroup, width);
      for (int64_t n = 0; n < width; n += kernel.nr) {
        const int count = static_cast<int>(std::min<int64_t>(kernel.nr, width - n));
        kernel.bFloat.columns(panelAt(panels, n / kernel.nr, k), chunk + n, kGroup, count, run);
      }
    }
  }
};

// One product on its way: which slices, and where their panels are.
struct Pass {
  const Plan& plan;
  int64_t slice, n0, width;  // of C's columns
  const char* panels;        // of column n0, offset 0 of the slice
  int64_t panelStride;       // in k
  float* sums;               // [M, N] over slices, or null

  // A block of the slice's k at offset k of a block of rows' panels.
  char* aBlockAt(char* aPanels, int64_t k) const { return aPanels + plan.panelsABlock * plan.kernel.mr * k * plan.kernel.elementBytes; }

  void packA(char* aPanels, int64_t m0) const {
    const int64_t sliceLength = plan.sliceLength(slice), step = plan.blockOf(slice);
    for (int64_t k = 0; k < sliceLength; k += step) packABlock(aBlockAt(aPanels, k), m0, slice * kSlice + k, std::min(step, sliceLength - k));
  }

  void packABlock(char* aPanels, int64_t m0, int64_t k, int64_t length) const {
    const int64_t rows = std::min(plan.mBlock, plan.args.m - m0);
    const GemmKernel& kernel = plan.kernel;
    const GemmArgs& args = plan.args;
    const GemmKernel::Pack& pack = args.aType == DType::F32 ? kernel.aFloat : kernel.aBf16;
    const int64_t panelBytes = kernel.mr * roundUp(length, kernel.kStep) * kernel.elementBytes;
    for (int64_t m = 0; m < rows; m += plan.panelRows, aPanels += panelBytes) {
      const int count = static_cast<int>(std::min(plan.panelRows, rows - m));
      if (args.transposeA) {
        pack.columns(aPanels, elementAt(args.a, args.aType, args.m, k, m0 + m), args.m, count, static_cast<int>(length));
      } else {
        pack.rows(aPanels, elementAt(args.a, args.aType, args.k, m0 + m, k), args.k, count, static_cast<int>(length));
      }
    }
  }

  // Block of C at row m0, column n0 + j0, from the packed rows.
  void block(int64_t m0, int64_t j0, char* aPanels, float* partial) const {
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
    float* partialBlock = sums != nullptr ? sums + m0 * args.n + n0 + j0 : partial;
    for (int64_t k = 0; k < sliceLength; k += step) {
      const int64_t length = std::min(step, sliceLength - k), padded = roundUp(length, kernel.kStep);
      tile.resume = slice > 0 || k > 0;
      tile.final = slice + 1 == plan.slices && k + step >= sliceLength;
      for (int64_t j = 0; j < columns; j += kernel.nr) {
        const char* bPanel = panels + ((j0 + j) / kernel.nr * panelStride + k) * kernel.nr * kernel.elementBytes;
        tile.columns = static_cast<int>(std::min<int64_t>(kernel.nr, columns - j));
        const char* aPanel = aBlockAt(aPanels, k);
        for (int64_t i = 0; i < rows; i += plan.panelRows, aPanel += kernel.mr * padded * kernel.elementBytes) {
          tile.rows = static_cast<int>(std::min(plan.panelRows, rows - i));
          tile.c = static_cast<char*>(args.c) + ((m0 + i) * args.n + n0 + j0 + j) * cBytes;
          tile.partial = partialBlock == nullptr ? nullptr : partialBlock + i * tile.ldp + j;
          kernel.micro(aPanel, bPanel, padded, tile);
        }
      }
    }
  }
};

// Columns that one index of the parallel packing takes.
int64_t packingColumns(const GemmKernel& kernel, const GemmArgs& args) { return args.transposeB || isDirect(args.bType) ? kernel.nr : kGroup; }

}  // namespace

int64_t gemmBlockedScratchBytes(const GemmKernel& kernel, const GemmArgs& args) { return Plan(kernel, args).bytes(); }

void gemmBlocked(const GemmKernel& kernel, const GemmArgs& args, void* scratch) {
  const Plan plan(kernel, args);
  auto* sums = static_cast<char*>(scratch);
  char* shared = sums + plan.sumsBytes;
  char* workers = shared + plan.sharedBytes;
  const auto chunkOf = [&](int worker) { return workers + worker * plan.workerBytes(); };
  const int64_t wholeK = roundUp(args.k, kernel.kStep), packingStep = packingColumns(kernel, args);
  for (int64_t slice = 0; slice < plan.slices; ++slice) {
    const int64_t length = plan.sliceLength(slice), stride = args.packed ? wholeK : roundUp(length, kernel.kStep);
    for (int64_t n0 = 0; n0 < args.n; n0 += plan.nSlice) {
      const int64_t width = std::min(plan.nSlice, args.n - n0);
      Pass pass{plan, slice, n0, width, shared, stride, plan.sumsBytes == 0 ? nullptr : reinterpret_cast<float*>(sums)};
      if (args.packed) {
        pass.panels = static_cast<const char*>(args.b) + (n0 / kernel.nr * wholeK + slice * kSlice) * kernel.nr * kernel.elementBytes;
      } else {
        const BPacker packer{kernel, args, slice * kSlice, length, stride};
        parallelFor(ceilDiv(width, packingStep), [&](int64_t index, int worker) {
          const int64_t n = index * packingStep;
          packer.group(packer.panelAt(shared, n / kernel.nr, 0), n0 + n, std::min(packingStep, width - n), reinterpret_cast<float*>(chunkOf(worker)));
        });
      }
      const int64_t nBlocks = ceilDiv(width, plan.nBlock);
      std::vector<int64_t> held(static_cast<size_t>(threads()), -1);  // the row block whose panels each thread has
      parallelFor(plan.mBlocks * nBlocks, [&](int64_t index, int worker) {
        char* own = chunkOf(worker) + kChunkFloats * 4;
        auto* partial = plan.partialBytes == 0 ? nullptr : reinterpret_cast<float*>(own + plan.aBytes);
        const int64_t m = index / nBlocks;
        if (held[static_cast<size_t>(worker)] != m) pass.packA(own, m * plan.mBlock);
        held[static_cast<size_t>(worker)] = m;
        if (kernel.enter != nullptr) kernel.enter();
        pass.block(m * plan.mBlock, index % nBlocks * plan.nBlock, own, partial);
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
