// The norm over Vec; included by one .cc an instruction set.
#include <math.h>

#include "kernels/rmsnorm/rmsnorm.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

// Two chains of fused additions hide each other's latency; f32 is enough, each of 2·kLanes sums being short.
inline float sumOfSquaresOfRow(const FloatArray& x, int64_t start, int64_t columns) {
  Vec even = zeros(), odd = zeros();
  int64_t c = 0;
  for (; c + 2 * Vec::kLanes <= columns; c += 2 * Vec::kLanes) {
    const Vec a = load(x, start + c, Vec::kLanes), b = load(x, start + c + Vec::kLanes, Vec::kLanes);
    even = fma(a, a, even);
    odd = fma(b, b, odd);
  }
  forVectors(c, columns, [&](int64_t i, int count) {
    const Vec a = load(x, start + i, count);
    even = fma(a, a, even);
  });
  return sum(even + odd);
}

void forward(const RmsnormForward& args, int64_t firstRow, int64_t endRow) {
  const FloatArray x = args.x, y = args.y, w = args.w;
  const Vec offset = broadcast(args.offset);
  for (int64_t row = firstRow; row < endRow; ++row) {
    const int64_t start = row * args.columns;
    const float meanSquare = sumOfSquaresOfRow(x, start, args.columns) / float(args.columns);
    const float inverseRms = 1 / sqrtf(meanSquare + args.epsilon);
    args.inverseRms[row] = inverseRms;
    const Vec inverse = broadcast(inverseRms);
    forVectors(0, args.columns, [&](int64_t c, int count) {
      store(y, start + c, load(x, start + c, count) * inverse * (load(w, c, count) + offset), count);
    });
  }
}

// mean(dy · g · h), and on the way dw += dy · h where it is wanted.
inline float meanOfRow(const RmsnormBackward& args, int64_t start, Vec inverse, Vec offset, float* dw) {
  const FloatArray x = args.x, dyArray = args.dy, w = args.w, sums = {dw, DType::F32};
  Vec dot = zeros();
  forVectors(0, args.columns, [&](int64_t c, int count) {
    const Vec dy = load(dyArray, start + c, count), h = load(x, start + c, count) * inverse;
    dot = fma(dy * (load(w, c, count) + offset), h, dot);
    if (dw != nullptr) store(sums, c, fma(dy, h, load(sums, c, count)), count);
  });
  return sum(dot) / float(args.columns);
}

void writeInputGradient(const RmsnormBackward& args, int64_t start, Vec inverse, Vec offset, Vec mean) {
  const FloatArray x = args.x, dy = args.dy, w = args.w, dx = args.dx;
  const bool accumulate = args.accumulate;
  forVectors(0, args.columns, [&](int64_t c, int count) {
    const Vec g = load(dy, start + c, count) * (load(w, c, count) + offset), h = load(x, start + c, count) * inverse;
    const Vec result = inverse * fnma(h, mean, g);
    store(dx, start + c, accumulate ? load(dx, start + c, count) + result : result, count);
  });
}

void backward(const RmsnormBackward& args, int64_t firstRow, int64_t endRow, float* dw) {
  const FloatArray sums = {dw, DType::F32};
  const Vec offset = broadcast(args.offset);
  if (dw != nullptr) forVectors(0, args.columns, [&](int64_t c, int count) { store(sums, c, zeros(), count); });
  for (int64_t row = firstRow; row < endRow; ++row) {
    const int64_t start = row * args.columns;
    const Vec inverse = broadcast(args.inverseRms[row]);
    const Vec mean = broadcast(meanOfRow(args, start, inverse, offset, dw));
    if (args.dx.data != nullptr) writeInputGradient(args, start, inverse, offset, mean);
  }
}

constexpr RmsnormKernel kKernel = {forward, backward};

}  // namespace
}  // namespace lathe
