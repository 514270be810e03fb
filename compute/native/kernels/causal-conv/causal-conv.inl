// The convolution over Vec, a vector of channels at a time; included by one .cc an instruction set.
#include "kernels/causal-conv/causal-conv.h"
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// u of one row and vector of channels.
inline Vec before(const ConvCall& call, const ConvRun& run, const FloatArray& taps, int64_t row, int64_t c, int count) {
  const FloatArray x = call.x, bias = {const_cast<float*>(call.bias), DType::F32};
  const int64_t columns = call.columns, reach = least(call.width, row - run.segmentFirst + 1);
  Vec sum = call.bias == nullptr ? zeros() : load(bias, c, count);
  for (int64_t j = 0; j < reach; ++j) sum = fma(load(taps, (call.width - 1 - j) * columns + c, count), load(x, (row - j) * columns + c, count), sum);
  return sum;
}

void forward(const ConvCall& call, const ConvRun& run, const float* turned) {
  const FloatArray y = call.y, taps = {const_cast<float*>(turned), DType::F32};
  for (int64_t row = run.first; row < run.end; ++row) {
    forVectors(0, call.columns, [&](int64_t c, int count) {
      const Vec u = before(call, run, taps, row, c, count);
      store(y, row * call.columns + c, u * sigmoid(u), count);
    });
  }
}

// du of the run's rows and of those behind it that its rows reach, from row 0 of `slopes`.
inline void writeSlopes(const ConvCall& call, const ConvRun& run, const FloatArray& taps, const FloatArray& slopes, int64_t last) {
  const FloatArray dy = call.dy;
  for (int64_t row = run.first; row < last; ++row) {
    forVectors(0, call.columns, [&](int64_t c, int count) {
      const Vec u = before(call, run, taps, row, c, count), s = sigmoid(u);
      const Vec slope = s * fma(u, broadcast(1.0f) - s, broadcast(1.0f));
      store(slopes, (row - run.first) * call.columns + c, load(dy, row * call.columns + c, count) * slope, count);
    });
  }
}

inline void addWeightSums(const ConvCall& call, const ConvRun& run, const FloatArray& slopes, const FloatArray& sums) {
  const FloatArray x = call.x;
  const int64_t columns = call.columns, width = call.width;
  forVectors(0, columns, [&](int64_t c, int count) {
    Vec bias = zeros();
    for (int64_t row = run.first; row < run.end; ++row) bias = bias + load(slopes, (row - run.first) * columns + c, count);
    store(sums, width * columns + c, bias, count);
    for (int64_t j = 0; j < width; ++j) {
      Vec sum = zeros();
      const int64_t reaching = run.segmentFirst + j > run.first ? run.segmentFirst + j : run.first;
      for (int64_t row = reaching; row < run.end; ++row)
        sum = fma(load(slopes, (row - run.first) * columns + c, count), load(x, (row - j) * columns + c, count), sum);
      store(sums, (width - 1 - j) * columns + c, sum, count);
    }
  });
}

void backward(const ConvCall& call, const ConvRun& run, const float* turned, float* slopeRows, float* sumRows) {
  const FloatArray dx = call.dx, taps = {const_cast<float*>(turned), DType::F32}, slopes = {slopeRows, DType::F32};
  const int64_t columns = call.columns, width = call.width, last = least(run.end + width - 1, run.segmentEnd);
  writeSlopes(call, run, taps, slopes, last);
  for (int64_t row = run.first; row < run.end; ++row) {
    const int64_t reach = least(width, last - row);
    forVectors(0, columns, [&](int64_t c, int count) {
      Vec sum = zeros();
      for (int64_t j = 0; j < reach; ++j)
        sum = fma(load(taps, (width - 1 - j) * columns + c, count), load(slopes, (row - run.first + j) * columns + c, count), sum);
      store(dx, row * columns + c, sum, count);
    });
  }
  if (sumRows != nullptr) addWeightSums(call, run, slopes, {sumRows, DType::F32});
}

constexpr ConvKernel kKernel = {forward, backward};

}  // namespace
}  // namespace lathe
