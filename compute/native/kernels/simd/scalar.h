// Storage types of two bytes and their exact conversions, one element at a time. The oracle of every vector load and store.
// Functions are in an anonymous namespace: files with different instruction sets must not share their code (linker keeps one copy).
#pragma once
#include <stdint.h>
#include <string.h>

namespace lathe {

// Element types as kernels see them in memory; plain float is the third.
struct Bf16 {
  uint16_t bits;
};
struct Half {
  uint16_t bits;
};

namespace {

inline float toFloat(float x) { return x; }

inline float toFloat(Bf16 x) {
  const uint32_t bits = uint32_t(x.bits) << 16;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

// IEEE binary16, subnormals, infinities and NaN included.
inline float toFloat(Half x) {
  const uint32_t sign = uint32_t(x.bits & 0x8000) << 16, exponent = x.bits >> 10 & 0x1f, mantissa = x.bits & 0x3ff;
  uint32_t bits;
  if (exponent == 0) {
    const float small = float(mantissa) * 5.9604644775390625e-8f;  // 2^-24
    memcpy(&bits, &small, sizeof bits);
  } else {
    bits = (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | mantissa << 13;
  }
  bits |= sign;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

inline void fromFloat(float* to, float x) { *to = x; }

// Round to nearest, ties to even; NaN stays NaN (made quiet).
inline void fromFloat(Bf16* to, float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const bool nan = (bits & 0x7fffffff) > 0x7f800000;
  to->bits = uint16_t(nan ? bits >> 16 | 0x40 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

}  // namespace
}  // namespace lathe
