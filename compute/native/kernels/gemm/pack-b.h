// Packing op(B) into panels, from whatever it is stored in: floats are re-laid, quantised blocks widened a piece at a time on the way.
#pragma once
#include <algorithm>

#include "kernels/dequant/dequant.h"
#include "kernels/gemm/gemm.h"

namespace lathe {

constexpr int64_t kGroup = 256;                 // columns: whole blocks of every quantised type, whole panels of every row
constexpr int64_t kRowsAChunk = 32;             // widened at a time from [K, N]; a multiple of every kStep
constexpr int64_t kChunkFloats = kGroup * 32;   // one worker's widened piece of op(B)

inline bool isDirect(DType type) { return type == DType::F32 || type == DType::BF16; }

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

// Columns that one index of the parallel packing takes.
inline int64_t packingColumns(const GemmKernel& kernel, const GemmArgs& args) { return args.transposeB || isDirect(args.bType) ? kernel.nr : kGroup; }

}  // namespace lathe
