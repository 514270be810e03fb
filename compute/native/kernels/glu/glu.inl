// Gated units over Vec; included by one .cc an instruction set. The activation is chosen once a call, outside the loop.
#include "kernels/glu/glu.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

struct Activated {
  Vec value, slope;
};

struct Silu {
  static Vec value(Vec x) { return x * sigmoid(x); }
  static Activated both(Vec x) {
    const Vec s = sigmoid(x), value = x * s;
    return {value, fma(value, broadcast(1.0f) - s, s)};
  }
};

struct GeluTanh {
  static constexpr float kScale = 0.79788456080286535588f, kCube = 0.044715f;
  static Vec inner(Vec x) { return tanh(broadcast(kScale) * fma(broadcast(kCube) * x, x * x, x)); }
  static Vec value(Vec x) {
    const Vec half = broadcast(0.5f) * x;
    return fma(half, inner(x), half);
  }
  static Activated both(Vec x) {
    const Vec one = broadcast(1.0f), t = inner(x), half = broadcast(0.5f) * x;
    const Vec innerSlope = broadcast(kScale) * fma(broadcast(3 * kCube) * x, x, one);
    return {fma(half, t, half), fma(half * (one - t * t), innerSlope, broadcast(0.5f) * (one + t))};
  }
};

struct Gelu {
  static Vec cumulative(Vec x) { return fma(broadcast(0.5f), erf(x * broadcast(0.70710678118654752440f)), broadcast(0.5f)); }
  static Vec value(Vec x) { return x * cumulative(x); }
  static Activated both(Vec x) {
    const Vec p = cumulative(x), density = broadcast(0.39894228040143267794f) * exp(broadcast(-0.5f) * x * x);
    return {x * p, fma(x, density, p)};
  }
};

template <class Activation>
void forwardWith(const GluForward& args, int64_t begin, int64_t end) {
  const FloatArray y = args.y, gate = args.gate, up = args.up;
  forVectors(begin, end, [&](int64_t i, int count) { store(y, i, Activation::value(load(gate, i, count)) * load(up, i, count), count); });
}

template <class Activation>
void backwardWith(const GluBackward& args, int64_t begin, int64_t end) {
  const FloatArray dgate = args.dgate, dup = args.dup, dyArray = args.dy, gate = args.gate, upArray = args.up;
  forVectors(begin, end, [&](int64_t i, int count) {
    const Vec dy = load(dyArray, i, count), up = load(upArray, i, count);
    const Activated a = Activation::both(load(gate, i, count));
    store(dgate, i, dy * up * a.slope, count);
    store(dup, i, dy * a.value, count);
  });
}

void forward(const GluForward& args, int64_t begin, int64_t end) {
  if (args.activation == GluActivation::Silu) return forwardWith<Silu>(args, begin, end);
  if (args.activation == GluActivation::GeluTanh) return forwardWith<GeluTanh>(args, begin, end);
  forwardWith<Gelu>(args, begin, end);
}

void backward(const GluBackward& args, int64_t begin, int64_t end) {
  if (args.activation == GluActivation::Silu) return backwardWith<Silu>(args, begin, end);
  if (args.activation == GluActivation::GeluTanh) return backwardWith<GeluTanh>(args, begin, end);
  backwardWith<Gelu>(args, begin, end);
}

constexpr GluKernel kKernel = {forward, backward};

}  // namespace
}  // namespace lathe
