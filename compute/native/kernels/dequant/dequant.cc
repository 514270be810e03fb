// The table of dequantisation and the convert op over it.
#include "kernels/dequant/dequant.h"

#include <algorithm>
#include <cstring>

#include "core/threads.h"

namespace lathe {
namespace {

// A multiple of every block size; the intermediate floats stay in the first-level cache.
constexpr int64_t kChunk = 2048;
constexpr int64_t kChunksAnIndex = 16;

void convertChunk(const DequantKernel& kernel, DType to, void* out, DType from, const void* in, int64_t n, float scale) {
  float values[kChunk];
  float* target = to == DType::F32 && out != in ? static_cast<float*>(out) : values;
  kernel.toFloat[static_cast<int>(from)](in, target, n);
  if (scale != 1)
    for (int64_t i = 0; i < n; ++i) target[i] *= scale;
  if (to == DType::BF16) kernel.toBf16(target, static_cast<uint16_t*>(out), n);
  if (to == DType::F32 && target != out) std::memcpy(out, target, static_cast<size_t>(n) * sizeof(float));
}

}  // namespace

const KernelTable<DequantRow>& dequantTable() {
  static const KernelTable<DequantRow>* table = new KernelTable<DequantRow>("dequantize", {
#include "kernels/dequant/kernels.inc"
                                                                                          });
  return *table;
}

void dequantizeRow(DType dtype, const void* src, float* dst, int64_t n) {
  dequantTable().function()().toFloat[static_cast<int>(dtype)](src, dst, n);
}

void convertElements(DType to, void* out, DType from, const void* in, int64_t elements, float scale) {
  const DequantKernel& kernel = dequantTable().function()();
  const int64_t step = kChunk * kChunksAnIndex;
  parallelFor((elements + step - 1) / step, [&](int64_t index, int) {
    const int64_t end = std::min(elements, (index + 1) * step);
    for (int64_t at = index * step; at < end; at += kChunk) {
      const auto* source = static_cast<const char*>(in) + bytesOf(from, at);
      convertChunk(kernel, to, static_cast<char*>(out) + bytesOf(to, at), from, source, std::min(kChunk, end - at), scale);
    }
  });
}

}  // namespace lathe
