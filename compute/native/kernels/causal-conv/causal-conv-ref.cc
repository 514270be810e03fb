// The convolution as its formula reads, sums in f64: the oracle of the other rows and the fallback everywhere.
#include <math.h>

#include "kernels/causal-conv/causal-conv.h"

namespace lathe {
namespace {

// j rows back from `row` is still in the segment.
bool reaches(const ConvRun& run, int64_t row, int64_t j) { return row - j >= run.segmentFirst; }

double before(const ConvCall& call, const ConvRun& run, const float* taps, int64_t row, int64_t c) {
  double sum = call.bias == nullptr ? 0 : call.bias[c];
  for (int64_t j = 0; j < call.width && reaches(run, row, j); ++j)
    sum += double(taps[(call.width - 1 - j) * call.columns + c]) * get(call.x, (row - j) * call.columns + c);
  return sum;
}

void forward(const ConvCall& call, const ConvRun& run, const float* taps) {
  for (int64_t row = run.first; row < run.end; ++row) {
    for (int64_t c = 0; c < call.columns; ++c) {
      const double u = before(call, run, taps, row, c);
      set(call.y, row * call.columns + c, float(u / (1 + exp(-u))));
    }
  }
}

double slope(const ConvCall& call, const ConvRun& run, const float* taps, int64_t row, int64_t c) {
  const double u = before(call, run, taps, row, c), s = 1 / (1 + exp(-u));
  return get(call.dy, row * call.columns + c) * s * (1 + u * (1 - s));
}

void backward(const ConvCall& call, const ConvRun& run, const float* taps, float*, float* sums) {
  const int64_t width = call.width, columns = call.columns;
  for (int64_t c = 0; c < columns; ++c) {
    double dw[kConvMaxWidth + 1] = {};
    for (int64_t row = run.first; row < run.end; ++row) {
      double dx = 0;
      for (int64_t j = 0; j < width && row + j < run.segmentEnd; ++j) dx += taps[(width - 1 - j) * columns + c] * slope(call, run, taps, row + j, c);
      set(call.dx, row * columns + c, float(dx));
      if (sums == nullptr) continue;
      const double du = slope(call, run, taps, row, c);
      dw[width] += du;
      for (int64_t j = 0; j < width && reaches(run, row, j); ++j) dw[width - 1 - j] += du * get(call.x, (row - j) * columns + c);
    }
    for (int64_t k = 0; sums != nullptr && k <= width; ++k) sums[k * columns + c] = float(dw[k]);
  }
}

}  // namespace

const ConvKernel& convRef() {
  static constexpr ConvKernel kernel = {forward, backward};
  return kernel;
}

}  // namespace lathe
