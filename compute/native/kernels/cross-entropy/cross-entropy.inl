// Cross-entropy over Vec: one pass for the largest, one for the sum of exponentials, one for the gradient; a row stays in the cache between them.
#include "kernels/simd/float-array.inl"

namespace lathe {
namespace {

constexpr int64_t kWidth = Vec::kLanes;
// Sums of so many vectors are made apart and then added: errors grow with the square root of the row at worst, not with the row.
constexpr int64_t kSumBlock = 64 * kWidth;

inline Vec loadTail(const float* row, int64_t rest, float fill) { return select(firstLanes(int(rest)), loadPartial(row, int(rest)), broadcast(fill)); }

// First index of the largest logit; indices are exact as floats, a vocabulary has fewer than 2^24 words.
inline int64_t largestIndex(const float* row, int64_t columns) {
  Vec largest = broadcast(-INFINITY), at = zeros();
  const Vec order = lanes();
  const auto visit = [&](Vec x, int64_t i) {
    const Mask more = x > largest;
    largest = select(more, x, largest);
    at = select(more, order + broadcast(float(i)), at);
  };
  int64_t i = 0;
  for (; i + kWidth <= columns; i += kWidth) visit(load(row + i), i);
  if (i < columns) visit(loadTail(row + i, columns - i, -INFINITY), i);
  float values[kWidth], indices[kWidth];
  store(values, largest);
  store(indices, at);
  int64_t best = 0;
  for (int64_t lane = 1; lane < kWidth; ++lane)
    if (values[lane] > values[best] || (values[lane] == values[best] && indices[lane] < indices[best])) best = lane;
  return int64_t(indices[best]);
}

// tanh(x / softcap), or x itself without one: `bent` times softcap is the logit that counts.
struct Bend {
  Vec cap, inverse;
  bool on;
  explicit Bend(float softcap) : cap(broadcast(softcap)), inverse(broadcast(softcap == 0 ? 0 : 1 / softcap)), on(softcap != 0) {}
  Vec operator()(Vec x) const { return on ? cap * tanh(x * inverse) : x; }
  float one(float x) const {
    float lane[kWidth];
    store(lane, (*this)(broadcast(x)));
    return lane[0];
  }
};

inline float sumOfExponentials(const float* row, int64_t columns, const Bend& bend, Vec largest) {
  Vec total = zeros();
  for (int64_t block = 0; block < columns; block += kSumBlock) {
    const int64_t end = block + kSumBlock < columns ? block + kSumBlock : columns;
    Vec even = zeros(), odd = zeros();
    int64_t i = block;
    for (; i + 2 * kWidth <= end; i += 2 * kWidth) {
      even = even + exp(bend(load(row + i)) - largest);
      odd = odd + exp(bend(load(row + i + kWidth)) - largest);
    }
    for (; i < end; i += kWidth) {
      const int64_t rest = end - i < kWidth ? end - i : kWidth;
      even = even + select(firstLanes(int(rest)), exp(bend(loadPartial(row + i, int(rest))) - largest), zeros());
    }
    total = total + (even + odd);
  }
  return sum(total);
}

// (softmax - onehot) · gradScale, with the slope of the bend; factor = gradScale / sum of exponentials.
struct Slope {
  const Bend& bend;
  Vec largest, scale;
  Vec operator()(Vec x) const {
    const Vec z = bend(x), p = exp(z - largest) * scale;
    if (!bend.on) return p;
    const Vec ratio = z * bend.inverse;
    return p * fnma(ratio, ratio, broadcast(1));
  }
  float one(float x) const {
    float lane[kWidth];
    store(lane, (*this)(broadcast(x)));
    return lane[0];
  }
};

inline void zeroGradient(const CrossEntropyCall& call, int64_t index) {
  const int64_t begin = index * call.columns;
  forVectors(begin, begin + call.columns, [&](int64_t i, int count) { store(call.gradient, i, zeros(), count); });
}

inline void gradeRow(const CrossEntropyCall& call, int64_t index) {
  const float* row = call.logits + index * call.columns;
  const int32_t label = call.labels[index];
  if (label < 0 && call.best == nullptr && call.gradScale == 0) {
    call.loss[index] = 0;
    return;
  }
  const int64_t best = largestIndex(row, call.columns);
  if (call.best != nullptr) call.best[index] = int32_t(best);
  if (label < 0) {
    call.loss[index] = 0;
    if (call.gradScale != 0) zeroGradient(call, index);
    return;
  }
  const Bend bend(call.softcap);
  const float largest = bend.one(row[best]), at = bend.one(row[label]);
  const float total = sumOfExponentials(row, call.columns, bend, broadcast(largest));
  call.loss[index] = logf(total) + (largest - at);
  if (call.gradScale == 0) return;
  const float ratio = call.softcap == 0 ? 0 : at / call.softcap;
  const Slope slope{bend, broadcast(largest), broadcast(call.gradScale / total)};
  // The label's is made before its logit may be overwritten.
  const float ofLabel = slope.one(row[label]) - call.gradScale * (1 - ratio * ratio);
  const int64_t begin = index * call.columns;
  forVectors(0, call.columns, [&](int64_t i, int count) { store(call.gradient, begin + i, slope(loadPartial(row + i, count)), count); });
  set(call.gradient, begin + label, ofLabel);
}

}  // namespace
}  // namespace lathe
