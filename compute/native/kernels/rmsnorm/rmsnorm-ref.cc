// The norm as its formula reads, sums in f64: the oracle of the other rows and the fallback everywhere.
#include <math.h>

#include "kernels/rmsnorm/rmsnorm.h"

namespace lathe {
namespace {

void forward(const RmsnormForward& args, int64_t firstRow, int64_t endRow) {
  for (int64_t row = firstRow; row < endRow; ++row) {
    const int64_t start = row * args.columns;
    double squares = 0;
    for (int64_t c = 0; c < args.columns; ++c) {
      const double x = get(args.x, start + c);
      squares += x * x;
    }
    const float inverse = float(1 / sqrt(squares / double(args.columns) + double(args.epsilon)));
    args.inverseRms[row] = inverse;
    for (int64_t c = 0; c < args.columns; ++c) set(args.y, start + c, get(args.x, start + c) * inverse * (get(args.w, c) + args.offset));
  }
}

void backward(const RmsnormBackward& args, int64_t firstRow, int64_t endRow, float* dw) {
  for (int64_t c = 0; dw != nullptr && c < args.columns; ++c) dw[c] = 0;
  for (int64_t row = firstRow; row < endRow; ++row) {
    const int64_t start = row * args.columns;
    const float inverse = args.inverseRms[row];
    double dot = 0;
    for (int64_t c = 0; c < args.columns; ++c) {
      const float h = get(args.x, start + c) * inverse;
      dot += double(get(args.dy, start + c)) * double(get(args.w, c) + args.offset) * double(h);
    }
    const float mean = float(dot / double(args.columns));
    for (int64_t c = 0; c < args.columns; ++c) {
      const float dy = get(args.dy, start + c), h = get(args.x, start + c) * inverse;
      if (dw != nullptr) dw[c] += dy * h;
      if (args.dx.data == nullptr) continue;
      const float dx = inverse * (dy * (get(args.w, c) + args.offset) - h * mean);
      set(args.dx, start + c, args.accumulate ? get(args.dx, start + c) + dx : dx);
    }
  }
}

}  // namespace

const RmsnormKernel& rmsnormRef() {
  static constexpr RmsnormKernel kernel = {forward, backward};
  return kernel;
}

}  // namespace lathe
