// Root-mean-square norm (Zhang & Sennrich 2019), row by row over x [R, C] with weight w [C]; g = w + offset:
//   forward   inverseRms = 1 / sqrt(mean(x²) + epsilon),  y = x · inverseRms · g
//   backward  h = x · inverseRms,  dx = inverseRms · (dy · g - h · mean(dy · g · h)),  dw = Σ over rows of dy · h
// x, y, dx, dy are f32 or bf16 in any mix, w f32, bf16 or f16; arithmetic is f32 (the reference: f64 sums).
// Any alignment. y may be x; dx may be dy; nothing else overlaps.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

template <class Fn>
class KernelTable;

struct RmsnormForward {
  FloatArray y, x, w;
  float* inverseRms;  // [R]
  int64_t rows, columns;
  float epsilon, offset;
};

struct RmsnormBackward {
  FloatArray dx;  // data nullptr: not wanted
  FloatArray dy, x, w;
  const float* inverseRms;  // [R]
  int64_t rows, columns;
  float offset;
  bool accumulate;  // dx += …
};

struct RmsnormKernel {
  void (*forward)(const RmsnormForward& args, int64_t firstRow, int64_t endRow);
  // dw f32 [C] is written, not added to: the sum of these rows, in their order. nullptr: not wanted.
  void (*backward)(const RmsnormBackward& args, int64_t firstRow, int64_t endRow, float* dw);
};

using RmsnormRow = const RmsnormKernel& (*)();
const KernelTable<RmsnormRow>& rmsnormTable();

// With the chosen row, cut over the threads.
void rmsnormForward(const RmsnormForward& args);
// dw f32 [C] += unless nullptr; then `partials` holds rmsnormPartialBytes bytes.
void rmsnormBackward(const RmsnormBackward& args, float* dw, float* partials);
int64_t rmsnormPartialBytes(int64_t rows, int64_t columns);

const RmsnormKernel& rmsnormRef();
const RmsnormKernel& rmsnormAvx2();
const RmsnormKernel& rmsnormAvx512();
const RmsnormKernel& rmsnormNeon();

}  // namespace lathe
