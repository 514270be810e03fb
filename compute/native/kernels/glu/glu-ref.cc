// Gated units as the formulas read, in f64: the oracle of the other rows and the fallback everywhere.
#include <math.h>

#include "kernels/glu/glu.h"

namespace lathe {
namespace {

struct Activated {
  double value, slope;
};

Activated silu(double x) {
  const double s = 1 / (1 + exp(-x));
  return {x * s, s * (1 + x * (1 - s))};
}

Activated geluTanh(double x) {
  constexpr double kScale = 0.79788456080286535588, kCube = 0.044715;
  const double t = tanh(kScale * (x + kCube * x * x * x));
  return {0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * kScale * (1 + 3 * kCube * x * x)};
}

Activated gelu(double x) {
  constexpr double kHalfRoot = 0.70710678118654752440, kDensity = 0.39894228040143267794;
  const double cumulative = 0.5 * erfc(-x * kHalfRoot);
  return {x * cumulative, cumulative + x * kDensity * exp(-0.5 * x * x)};
}

Activated activate(GluActivation activation, double x) {
  if (activation == GluActivation::Silu) return silu(x);
  return activation == GluActivation::Gelu ? gelu(x) : geluTanh(x);
}

void forward(const GluForward& args, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) set(args.y, i, float(activate(args.activation, get(args.gate, i)).value * double(get(args.up, i))));
}

void backward(const GluBackward& args, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    const double dy = get(args.dy, i), up = get(args.up, i);
    const Activated a = activate(args.activation, get(args.gate, i));
    set(args.dgate, i, float(dy * up * a.slope));
    set(args.dup, i, float(dy * a.value));
  }
}

}  // namespace

const GluKernel& gluRef() {
  static constexpr GluKernel kernel = {forward, backward};
  return kernel;
}

}  // namespace lathe
