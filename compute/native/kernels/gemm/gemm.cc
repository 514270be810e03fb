// The tables of the matrix product and the choice of the way a product takes.
#include "kernels/gemm/gemm.h"

#include <cstring>

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

int64_t gemmScratchBytes(const GemmKernel* kernel, const GemmArgs& args) {
  if (args.m == 0 || args.n == 0) return 0;
  if (kernel == nullptr || args.k == 0) return gemmPlainScratchBytes(args);
  return isGemv(args) ? gemvScratchBytes(args) : gemmBlockedScratchBytes(*kernel, args);
}

void gemm(const GemmKernel* kernel, const GemmArgs& args, void* scratch) {
  if (args.m == 0 || args.n == 0) return;
  if (kernel == nullptr || args.k == 0) return gemmPlain(args, static_cast<float*>(scratch));
  if (isGemv(args)) return gemv(args, scratch);
  gemmBlocked(*kernel, args, scratch);
}

}  // namespace lathe
