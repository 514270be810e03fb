// The tables of the matrix product and the choice of the way a product takes.
#include "kernels/gemm/gemm.h"

#include <algorithm>
#include <cstring>

#include "core/threads.h"
#include "kernels/dequant/dequant.h"
#include "kernels/gemm/gemv.h"

namespace lathe {

const GemmKernel* gemmRef() { return nullptr; }

const KernelTable<GemmRow>& gemmTable(DType aType) {
  static const auto* f32 = new KernelTable<GemmRow>("gemm_f32", {
#include "kernels/gemm/kernels-f32.inc"
                                                                });
  static const auto* bf16 = new KernelTable<GemmRow>("gemm_bf16", {
#include "kernels/gemm/kernels-bf16.inc"
                                                                  });
  return aType == DType::BF16 ? *bf16 : *f32;
}

const GemmKernel* gemmKernel(DType aType) { return gemmTable(aType).function()(); }

const GemmKernel* gemmKernelOf(DType aType, const char* name) {
  for (const KernelRow& row : gemmTable(aType).rows())
    if (std::strcmp(row.name, name) == 0) return reinterpret_cast<GemmRow>(row.function)();
  return nullptr;
}

int64_t gemmPackedBytes(const GemmKernel* kernel, int64_t n, int64_t k) {
  if (kernel == nullptr) return n * k * static_cast<int64_t>(sizeof(float));
  const int64_t panels = (n + kernel->nr - 1) / kernel->nr, steps = (k + kernel->kStep - 1) / kernel->kStep;
  return panels * kernel->nr * steps * kernel->kStep * kernel->elementBytes;
}

void gemmPack(const GemmKernel* kernel, void* packed, const GemmArgs& args) {
  if (kernel != nullptr) return gemmBlockedPack(*kernel, packed, args);
  // The plain loop has no panels: floats in the order of the source.
  convertElements(DType::F32, packed, args.bType, args.b, args.n * args.k, 1);
}

namespace {

// A2 · op(B2) as a product of its own, for gemv, which does not take it along.
GemmArgs lowRankOf(const GemmArgs& args) {
  GemmArgs second;
  second.m = args.m;
  second.n = args.n;
  second.k = args.rank;
  second.a = args.a2;
  second.aType = args.a2Type;
  second.b = args.b2;
  second.bType = args.b2Type;
  second.transposeB = args.transposeB2;
  second.c = args.c;
  second.cType = args.cType;
  second.accumulate = true;
  return second;
}

bool isPlain(const GemmKernel* kernel, const GemmArgs& args) { return kernel == nullptr || args.k == 0; }

bool leavesLowRank(const GemmKernel* kernel, const GemmArgs& args) { return args.rank != 0 && !isPlain(kernel, args) && isGemv(args); }

int64_t scratchBytesOfOne(const GemmKernel* kernel, const GemmArgs& args) {
  if (isPlain(kernel, args)) return gemmPlainScratchBytes(args);
  return isGemv(args) ? gemvScratchBytes(args) : gemmBlockedScratchBytes(*kernel, args);
}

void multiplyOne(const GemmKernel* kernel, const GemmArgs& args, void* scratch) {
  if (isPlain(kernel, args)) return gemmPlain(args, static_cast<float*>(scratch));
  if (isGemv(args)) return gemv(args, scratch);
  gemmBlocked(*kernel, args, scratch);
}

// The same product into a [M, N] of its own, for a C that is stored [N, M]: both are small (a low-rank matrix's gradient).
GemmArgs upright(const GemmArgs& args, float* product) {
  GemmArgs plain = args;
  plain.transposeC = plain.accumulate = false;
  plain.c = product;
  return plain;
}

void storeTransposed(const GemmArgs& args, const float* product) {
  parallelFor(args.n, [&](int64_t n, int) {
    float* row = static_cast<float*>(args.c) + n * args.m;
    for (int64_t m = 0; m < args.m; ++m) row[m] = (args.accumulate ? row[m] : 0) + product[m * args.n + n];
  });
}

int64_t uprightBytes(const GemmArgs& args) { return (args.m * args.n * 4 + 63) / 64 * 64; }

}  // namespace

int64_t gemmScratchBytes(const GemmKernel* kernel, const GemmArgs& args) {
  if (args.m == 0 || args.n == 0) return 0;
  if (args.transposeC) return uprightBytes(args) + gemmScratchBytes(kernel, upright(args, nullptr));
  const int64_t first = scratchBytesOfOne(kernel, args);
  if (!leavesLowRank(kernel, args)) return first;
  return std::max(first, scratchBytesOfOne(gemmKernel(args.a2Type), lowRankOf(args)));
}

void gemm(const GemmKernel* kernel, const GemmArgs& args, void* scratch) {
  if (args.m == 0 || args.n == 0) return;
  if (args.transposeC) {
    auto* product = static_cast<float*>(scratch);
    gemm(kernel, upright(args, product), static_cast<char*>(scratch) + uprightBytes(args));
    return storeTransposed(args, product);
  }
  multiplyOne(kernel, args, scratch);
  if (leavesLowRank(kernel, args)) multiplyOne(gemmKernel(args.a2Type), lowRankOf(args), scratch);
}

}  // namespace lathe
