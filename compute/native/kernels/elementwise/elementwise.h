// Sums, products and measures over whole arrays, element by element:
//   addScaled      out = a · alpha + b · beta       (b.data nullptr: out = a · alpha)
//   multiply       out = a · b
//   sumOfSquares   Σ x² in f64: sixteen sums, element i in sum i mod 16 counted from `begin`, then halved 16 → 8 → 4 → 2 → 1
//   allFinite      no infinity, no NaN
// f32 or bf16 in any mix; one IEEE operation a step, never fused, so all rows give the same bits. Any alignment. out may be a or b.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

template <class Fn>
class KernelTable;

struct AddScaled {
  FloatArray out, a, b;
  float alpha, beta;
};

struct Multiply {
  FloatArray out, a, b;
};

struct ElementwiseKernel {
  void (*addScaled)(const AddScaled& args, int64_t begin, int64_t end);
  void (*multiply)(const Multiply& args, int64_t begin, int64_t end);
  double (*sumOfSquares)(FloatArray x, int64_t begin, int64_t end);
  bool (*allFinite)(FloatArray x, int64_t begin, int64_t end);
};

using ElementwiseRow = const ElementwiseKernel& (*)();
const KernelTable<ElementwiseRow>& elementwiseTable();

// With the chosen row, cut over the threads.
void addScaled(const AddScaled& args, int64_t elements);
void multiply(const Multiply& args, int64_t elements);
double sumOfSquares(FloatArray x, int64_t elements);
bool allFinite(FloatArray x, int64_t elements);
// f32, bf16 (rounded to nearest even) or i32 (cut to a whole number). No rows: a store loop needs none.
void fill(void* out, DType type, double value, int64_t elements);

const ElementwiseKernel& elementwiseRef();
const ElementwiseKernel& elementwiseAvx2();
const ElementwiseKernel& elementwiseAvx512();
const ElementwiseKernel& elementwiseNeon();

}  // namespace lathe
