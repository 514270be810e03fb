// Element by element, as the contract reads: the oracle of the other rows and the fallback everywhere.
#include <math.h>

#include "kernels/elementwise/elementwise.h"

namespace lathe {
namespace {

void addScaledRange(const AddScaled& args, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    const float a = get(args.a, i) * args.alpha;
    set(args.out, i, args.b.data == nullptr ? a : a + get(args.b, i) * args.beta);
  }
}

void multiplyRange(const Multiply& args, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) set(args.out, i, get(args.a, i) * get(args.b, i));
}

double sumOfSquaresRange(FloatArray x, int64_t begin, int64_t end) {
  double sums[16] = {};
  for (int64_t i = begin; i < end; ++i) {
    const double value = get(x, i);
    sums[(i - begin) % 16] += value * value;
  }
  for (int half = 8; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) sums[i] += sums[i + half];
  return sums[0];
}

bool allFiniteRange(FloatArray x, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i)
    if (!isfinite(get(x, i))) return false;
  return true;
}

}  // namespace

const ElementwiseKernel& elementwiseRef() {
  static constexpr ElementwiseKernel kernel = {addScaledRange, multiplyRange, sumOfSquaresRange, allFiniteRange};
  return kernel;
}

}  // namespace lathe
