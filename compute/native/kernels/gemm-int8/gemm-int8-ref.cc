// The int8 product as its formula says it, one element after the other: the oracle of every other row.
#include <cmath>
#include <cstring>

#include "kernels/gemm-int8/gemm-int8.h"

namespace lathe {
namespace {

struct Scale {
  float scale, inverse;
};

Scale scaleOf(const float* x, int64_t stride) {
  float largest = 0;
  bool finite = true;
  for (int64_t i = 0; i < kInt8Block; ++i) {
    const float size = std::fabs(x[i * stride]);
    finite = finite && std::isfinite(size);
    if (size > largest) largest = size;
  }
  if (!finite) return {NAN, 0};
  if (largest < 0x1p-100f) return {0, 0};
  return {largest / 127, 127 / largest};
}

int quantise(float x, const Scale& scale) { return std::isnan(scale.scale) ? 0 : static_cast<int>(std::nearbyintf(x * scale.inverse)); }

float quantiseRun(const float* x, uint8_t flip, uint8_t* bytes, int32_t* sum) {
  const Scale scale = scaleOf(x, 1);
  *sum = 0;
  for (int64_t i = 0; i < kInt8Block; ++i) {
    const int q = quantise(x[i], scale);
    bytes[i] = static_cast<uint8_t>(q) ^ flip;
    *sum += q;
  }
  return scale.scale;
}

void quantiseColumns(const float* x, int64_t stride, Int8PanelBlock* block) {
  for (int64_t n = 0; n < kInt8Columns; ++n) {
    const Scale scale = scaleOf(x + n, stride);
    int32_t sum = 0;
    for (int64_t i = 0; i < kInt8Block; ++i) {
      const int q = quantise(x[i * stride + n], scale);
      block->bytes[(i / kInt8Step * kInt8Columns + n) * kInt8Step + i % kInt8Step] = static_cast<int8_t>(q);
      sum += q;
    }
    block->scales[n] = scale.scale;
    block->starts[n] = -128 * sum;
  }
}

void micro(const Int8Tile& t) {
  for (int row = 0; row < t.rows; ++row) {
    for (int n = 0; n < t.columns; ++n) {
      float value = t.fresh ? 0 : t.c[row * t.ldc + n];
      for (int64_t b = 0; b < t.blocks; ++b) {
        const Int8PanelBlock& block = t.panel[b];
        const uint8_t* a = t.a + row * t.aStride + b * kInt8Block;
        int32_t sum = 0;
        for (int64_t i = 0; i < kInt8Block; ++i) sum += (a[i] - 128) * block.bytes[(i / kInt8Step * kInt8Columns + n) * kInt8Step + i % kInt8Step];
        value = std::fma(static_cast<float>(sum) * block.scales[n], t.aScales[row * t.aScaleStride + b], value);
      }
      t.c[row * t.ldc + n] = value;
    }
  }
}

}  // namespace

const GemmInt8Kernel& gemmInt8Ref() {
  static constexpr GemmInt8Kernel kernel = {4, 0x80, quantiseRun, quantiseColumns, micro};
  return kernel;
}

}  // namespace lathe
