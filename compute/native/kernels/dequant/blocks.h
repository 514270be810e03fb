// ggml's quantised blocks as they lie in a file (ggml-common.h): sizes, fields, and the packed 6-bit scales. No code but inlines of internal linkage.
#pragma once
#include <stdint.h>

#include "kernels/simd/scalar.h"

namespace lathe {

// 32 elements a block: x = d · q (+ m). Low nibbles are elements 0–15, high nibbles 16–31.
struct BlockQ8_0 {
  Half d;
  int8_t q[32];
};
struct BlockQ4_0 {
  Half d;
  uint8_t q[16];  // x = d · (q - 8)
};
struct BlockQ4_1 {
  Half d, m;
  uint8_t q[16];
};
struct BlockQ5_0 {
  Half d;
  uint8_t high[4];  // bit i: fifth bit of element i
  uint8_t q[16];    // x = d · (q - 16)
};
struct BlockQ5_1 {
  Half d, m;
  uint8_t high[4];
  uint8_t q[16];
};
// 256 elements: 8 groups of 32, x = (d · scale) · q - (dmin · min). Nibbles: 32 bytes hold group 2i low, 2i + 1 high.
struct BlockQ4_K {
  Half d, dmin;
  uint8_t scales[12];
  uint8_t q[128];
};
struct BlockQ5_K {
  Half d, dmin;
  uint8_t scales[12];
  uint8_t high[32];  // bit g of byte i: fifth bit of element i of group g
  uint8_t q[128];
};
// 256 elements: 16 groups of 16, x = (d · scale) · (q - 32); each half of 128 elements is four runs of 32.
struct BlockQ6_K {
  uint8_t low[128];
  uint8_t high[64];
  int8_t scales[16];
  Half d;
};
static_assert(sizeof(BlockQ8_0) == 34 && sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20 && sizeof(BlockQ5_0) == 22, "as in the file");
static_assert(sizeof(BlockQ5_1) == 24 && sizeof(BlockQ4_K) == 144 && sizeof(BlockQ5_K) == 176 && sizeof(BlockQ6_K) == 210, "as in the file");

namespace {

struct ScaleAndMin {
  int scale, min;
};

// Group g of 8 of Q4_K and Q5_K: six bits each, the last four groups' top two bits in the first eight bytes.
inline ScaleAndMin scaleAndMin(const uint8_t* s, int g) {
  if (g < 4) return {s[g] & 63, s[g + 4] & 63};
  return {(s[g + 4] & 15) | (s[g - 4] >> 6) << 4, s[g + 4] >> 4 | (s[g] >> 6) << 4};
}

}  // namespace
}  // namespace lathe
