// Dequantisation, plainly: the oracle of the other rows and the fallback everywhere. Formulas: ggml-quants.c, dequantize_row_*.
#include "kernels/dequant/blocks.h"
#include "kernels/dequant/dequant.h"

namespace lathe {
namespace {

// One block of each type to 32 or 256 floats.
void block(const BlockQ8_0& b, float* y) {
  for (int i = 0; i < 32; ++i) y[i] = float(b.q[i]) * toFloat(b.d);
}

void block(const BlockQ4_0& b, float* y) {
  for (int i = 0; i < 16; ++i) {
    y[i] = float((b.q[i] & 15) - 8) * toFloat(b.d);
    y[i + 16] = float((b.q[i] >> 4) - 8) * toFloat(b.d);
  }
}

void block(const BlockQ4_1& b, float* y) {
  for (int i = 0; i < 16; ++i) {
    y[i] = float(b.q[i] & 15) * toFloat(b.d) + toFloat(b.m);
    y[i + 16] = float(b.q[i] >> 4) * toFloat(b.d) + toFloat(b.m);
  }
}

int fifthBit(const uint8_t* high, int i) { return (high[i / 8] >> i % 8 & 1) << 4; }

void block(const BlockQ5_0& b, float* y) {
  for (int i = 0; i < 16; ++i) {
    y[i] = float(((b.q[i] & 15) | fifthBit(b.high, i)) - 16) * toFloat(b.d);
    y[i + 16] = float((b.q[i] >> 4 | fifthBit(b.high, i + 16)) - 16) * toFloat(b.d);
  }
}

void block(const BlockQ5_1& b, float* y) {
  for (int i = 0; i < 16; ++i) {
    y[i] = float((b.q[i] & 15) | fifthBit(b.high, i)) * toFloat(b.d) + toFloat(b.m);
    y[i + 16] = float(b.q[i] >> 4 | fifthBit(b.high, i + 16)) * toFloat(b.d) + toFloat(b.m);
  }
}

void block(const BlockQ4_K& b, float* y) {
  for (int i = 0; i < 256; ++i) {
    const int group = i / 32, pair = b.q[group / 2 * 32 + i % 32];
    const ScaleAndMin s = scaleAndMin(b.scales, group);
    const float d = toFloat(b.d) * float(s.scale), m = toFloat(b.dmin) * float(s.min);
    y[i] = d * float(group % 2 == 0 ? pair & 15 : pair >> 4) - m;
  }
}

void block(const BlockQ5_K& b, float* y) {
  for (int i = 0; i < 256; ++i) {
    const int group = i / 32, pair = b.q[group / 2 * 32 + i % 32];
    const ScaleAndMin s = scaleAndMin(b.scales, group);
    const float d = toFloat(b.d) * float(s.scale), m = toFloat(b.dmin) * float(s.min);
    const int fifth = (b.high[i % 32] >> group & 1) << 4;
    y[i] = d * float((group % 2 == 0 ? pair & 15 : pair >> 4) | fifth) - m;
  }
}

void block(const BlockQ6_K& b, float* y) {
  for (int i = 0; i < 256; ++i) {
    const int half = i / 128, run = i % 128 / 32, at = i % 32;
    const int pair = b.low[half * 64 + run % 2 * 32 + at];
    const int top = b.high[half * 32 + at] >> (2 * run) & 3;
    const int q = ((run < 2 ? pair & 15 : pair >> 4) | top << 4) - 32;
    y[i] = toFloat(b.d) * float(b.scales[i / 16]) * float(q);
  }
}

template <class Block, int kElements>
void blocks(const void* src, float* dst, int64_t n) {
  const auto* source = static_cast<const Block*>(src);
  for (int64_t i = 0; i < n / kElements; ++i) block(source[i], dst + i * kElements);
}

template <class T>
void plain(const void* src, float* dst, int64_t n) {
  const auto* source = static_cast<const T*>(src);
  for (int64_t i = 0; i < n; ++i) dst[i] = toFloat(source[i]);
}

void toBf16(const float* src, uint16_t* dst, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    Bf16 rounded;
    fromFloat(&rounded, src[i]);
    dst[i] = rounded.bits;
  }
}

}  // namespace

const DequantKernel& dequantRef() {
  static constexpr DequantKernel kernel = {{plain<float>, plain<Half>, plain<Bf16>, nullptr, blocks<BlockQ8_0, 32>, blocks<BlockQ4_0, 32>,
                                            blocks<BlockQ4_1, 32>, blocks<BlockQ5_0, 32>, blocks<BlockQ5_1, 32>, blocks<BlockQ4_K, 256>,
                                            blocks<BlockQ5_K, 256>, blocks<BlockQ6_K, 256>},
                                           toBf16};
  return kernel;
}

}  // namespace lathe
