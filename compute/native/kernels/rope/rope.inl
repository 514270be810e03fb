// Rope over Vec. Interleaved pairs use tables with every angle twice and y = x · cos + swapped(x) · (-sin, sin).
namespace lathe {
namespace {

constexpr int64_t kWidth = Vec::kLanes;

inline int64_t wholeVectors(int64_t count) { return (count + kWidth - 1) / kWidth * kWidth; }

// cos · scale and sin · scale of a token's angles.
inline void makeAngles(const RopeCall& call, int64_t t, float* cosines, float* sines) {
  const Vec position = broadcast(float(call.positions[t])), scale = broadcast(call.scale), signedScale = broadcast(call.inverse ? -call.scale : call.scale);
  for (int64_t i = 0; i < call.pairs; i += kWidth) {
    Vec sine, cosine;
    sinCos(position * loadPartial(call.inverseFrequency + i, int(call.pairs - i < kWidth ? call.pairs - i : kWidth)), &sine, &cosine);
    store(cosines + i, cosine * scale);
    store(sines + i, sine * signedScale);
  }
}

// Spreads n angles to two places each, from the back so that the tables may be doubled where they lie.
inline void doubleAngles(float* cosines, float* sines, int64_t pairs) {
  for (int64_t i = pairs - 1; i >= 0; --i) {
    cosines[2 * i + 1] = cosines[i];
    cosines[2 * i] = cosines[i];
    const float sine = sines[i];
    sines[2 * i + 1] = sine;
    sines[2 * i] = -sine;
  }
}

template <class Y, class X>
inline void turnHalves(Y* y, const X* x, const float* cosines, const float* sines, int64_t pairs) {
  int64_t i = 0;
  for (; i + kWidth <= pairs; i += kWidth) {
    const Vec a = load(x + i), b = load(x + pairs + i), c = load(cosines + i), s = load(sines + i);
    store(y + i, fnma(b, s, a * c));
    store(y + pairs + i, fma(a, s, b * c));
  }
  if (i == pairs) return;
  const int rest = int(pairs - i);
  const Vec a = loadPartial(x + i, rest), b = loadPartial(x + pairs + i, rest), c = load(cosines + i), s = load(sines + i);
  storePartial(y + i, fnma(b, s, a * c), rest);
  storePartial(y + pairs + i, fma(a, s, b * c), rest);
}

template <class Y, class X>
inline void turnInterleaved(Y* y, const X* x, const float* cosines, const float* sines, int64_t values) {
  int64_t i = 0;
  for (; i + kWidth <= values; i += kWidth) {
    const Vec a = load(x + i);
    store(y + i, fma(swapPairs(a), load(sines + i), a * load(cosines + i)));
  }
  if (i == values) return;
  const int rest = int(values - i);
  const Vec a = loadPartial(x + i, rest);
  storePartial(y + i, fma(swapPairs(a), load(sines + i), a * load(cosines + i)), rest);
}

template <class Y, class X>
inline void turnRows(const RopeCall& call, int64_t row, int64_t rowEnd, float* scratch) {
  const int64_t values = 2 * call.pairs;
  float *cosines = scratch, *sines = scratch + 2 * wholeVectors(call.pairs);
  for (int64_t t = row; t < rowEnd; ++t) {
    makeAngles(call, t, cosines, sines);
    if (call.interleaved) doubleAngles(cosines, sines, call.pairs);
    for (int64_t head = 0; head < call.heads; ++head) {
      const int64_t at = (t * call.heads + head) * call.headSize;
      const X* x = static_cast<const X*>(call.x) + at;
      Y* y = static_cast<Y*>(call.y) + at;
      if (call.interleaved) {
        turnInterleaved(y, x, cosines, sines, values);
      } else {
        turnHalves(y, x, cosines, sines, call.pairs);
      }
      for (int64_t d = values; d < call.headSize; ++d) fromFloat(&y[d], toFloat(x[d]));
    }
  }
}

inline void ropeRows(const RopeCall& call, int64_t row, int64_t rowEnd, float* scratch) {
  if (call.yBf16) {
    call.xBf16 ? turnRows<Bf16, Bf16>(call, row, rowEnd, scratch) : turnRows<Bf16, float>(call, row, rowEnd, scratch);
  } else {
    call.xBf16 ? turnRows<float, Bf16>(call, row, rowEnd, scratch) : turnRows<float, float>(call, row, rowEnd, scratch);
  }
}

}  // namespace
}  // namespace lathe
