// Gated linear unit (Shazeer 2020), element by element: y = act(gate) · up, with act one of
//   silu       x · σ(x)
//   gelu       x · Φ(x), Φ the normal distribution function: ½ (1 + erf(x / √2))
//   gelu_tanh  ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))                       (Hendrycks & Gimpel 2016, eq. 2)
// and backwards dgate = dy · up · act'(gate), dup = dy · act(gate), recomputed from the inputs.
// f32 or bf16 in any mix; arithmetic is f32 (the reference: f64). Any alignment.
// y may be gate or up; dgate and dup may be gate, up or dy, but not one another.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

template <class Fn>
class KernelTable;

enum class GluActivation : uint8_t { Silu, GeluTanh, Gelu };

struct GluForward {
  FloatArray y, gate, up;
  GluActivation activation;
};

struct GluBackward {
  FloatArray dgate, dup, dy, gate, up;
  GluActivation activation;
};

struct GluKernel {
  void (*forward)(const GluForward& args, int64_t begin, int64_t end);
  void (*backward)(const GluBackward& args, int64_t begin, int64_t end);
};

using GluRow = const GluKernel& (*)();
const KernelTable<GluRow>& gluTable();

// With the chosen row, cut over the threads.
void gluForward(const GluForward& args, int64_t elements);
void gluBackward(const GluBackward& args, int64_t elements);

const GluKernel& gluRef();
const GluKernel& gluAvx2();
const GluKernel& gluAvx512();
const GluKernel& gluNeon();

}  // namespace lathe
