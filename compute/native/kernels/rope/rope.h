// Rotary position embedding: every head of x [T, heads · headSize] is turned by angle(t, i) = positions[t] · inverseFrequency[i].
//   half:        (y[i], y[i + R/2])   = (x[i] cos - x[i + R/2] sin,   x[i + R/2] cos + x[i] sin),   R = 2 · pairs
//   interleaved: (y[2i], y[2i + 1])   likewise
// Elements from R on are copied. The angle is an f32 product and its cos and sin are those of that f32 angle, rounded to f32 and times `scale`
// (as transformers computes them). inverse turns by minus the angle. y may be x.
#pragma once
#include <cstdint>

#include "core/kernel-table.h"

namespace lathe {

struct RopeCall {
  void* y;
  const void* x;
  bool yBf16, xBf16;
  const int32_t* positions;       // [rows]
  const float* inverseFrequency;  // [pairs]
  int64_t rows, heads, headSize, pairs;
  bool interleaved, inverse;
  float scale;
};

// Turns rows [row, rowEnd). scratch [4, pairs rounded up to 16]: cos and sin are made once a token, not once a head.
using RopeRows = void (*)(const RopeCall&, int64_t row, int64_t rowEnd, float* scratch);

inline constexpr int64_t kRopeRows = 16;

KernelTable<RopeRows>& ropeTable();
int64_t ropeScratchBytes(const RopeCall& call);
void rope(const RopeCall& call, void* scratch);

}  // namespace lathe
