// Elementwise kernels over Vec; included by one .cc an instruction set, which defines SquareSums first: sixteen f64 sums,
// add(x, position) for the kLanes values from element `position` of a run of sixteen on, total() in the contract's order.
#include "kernels/elementwise/elementwise.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

void addScaledRange(const AddScaled& args, int64_t begin, int64_t end) {
  const FloatArray out = args.out, aArray = args.a, bArray = args.b;
  const Vec alpha = broadcast(args.alpha), beta = broadcast(args.beta);
  if (bArray.data == nullptr) {
    forVectors(begin, end, [&](int64_t i, int count) { store(out, i, load(aArray, i, count) * alpha, count); });
    return;
  }
  forVectors(begin, end, [&](int64_t i, int count) {
    store(out, i, load(aArray, i, count) * alpha + load(bArray, i, count) * beta, count);
  });
}

void multiplyRange(const Multiply& args, int64_t begin, int64_t end) {
  const FloatArray out = args.out, a = args.a, b = args.b;
  forVectors(begin, end, [&](int64_t i, int count) { store(out, i, load(a, i, count) * load(b, i, count), count); });
}

double sumOfSquaresRange(FloatArray x, int64_t begin, int64_t end) {
  SquareSums sums;
  int64_t i = begin;
  for (; i + 16 <= end; i += 16)
    for (int at = 0; at < 16; at += Vec::kLanes) sums.add(load(x, i + at, Vec::kLanes), at);
  // The zeros behind a tail change no sum.
  forVectors(i, end, [&](int64_t at, int count) { sums.add(load(x, at, count), int(at - i)); });
  return sums.total();
}

bool allFiniteRange(FloatArray x, int64_t begin, int64_t end) {
  const Vec largest = broadcast(3.402823466e38f);
  bool finite = true;
  // Often enough to leave early, seldom enough not to be slow.
  constexpr int64_t kStep = 1024;
  for (int64_t from = begin; from < end && finite; from += kStep) {
    Mask good = largest == largest;
    forVectors(from, from + kStep < end ? from + kStep : end, [&](int64_t i, int count) { good = good & (abs(load(x, i, count)) <= largest); });
    finite = all(good);
  }
  return finite;
}

constexpr ElementwiseKernel kKernel = {addScaledRange, multiplyRange, sumOfSquaresRange, allFiniteRange};

}  // namespace
}  // namespace lathe
