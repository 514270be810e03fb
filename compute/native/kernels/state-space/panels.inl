// What forward and backward of the scan share: panels in scratch, products on them, step sizes of a head, B and C of a chunk.
// Included after kernels/attention/product.inl and one of the two turnPanel's.
#include "kernels/simd/float-array.inl"
#include "kernels/state-space/state-space.h"

namespace lathe {
namespace {

constexpr int64_t kChunk = kStateChunk;

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t wholeVectors(int64_t count) { return (count + Vec::kLanes - 1) / Vec::kLanes * Vec::kLanes; }

// Hands out the unit's scratch piece by piece.
struct Room {
  float* next;
  float* take(int64_t floats) {
    float* piece = next;
    next += floats;
    return piece;
  }
};

// panel[0 … count) = from[at …), zero up to a whole vector.
inline void loadRow(float* panel, const FloatArray& from, int64_t at, int64_t count) {
  forVectors(0, count, [&](int64_t i, int lanes) { store(panel + i, load(from, at + i, lanes)); });
}
inline void storeRow(const FloatArray& to, int64_t at, const float* panel, int64_t count) {
  forVectors(0, count, [&](int64_t i, int lanes) { store(to, at + i, load(panel + i), lanes); });
}
inline void fillVectors(float* panel, int64_t count, float value) {
  for (int64_t i = 0; i < count; i += Vec::kLanes) store(panel + i, broadcast(value));
}

// All `rows` of c, which has `columns` in whole vectors.
template <Layout kLayout>
inline void multiplyAll(const Product& p, int64_t rows, int64_t columns, int64_t depth) {
  for (int64_t m = 0; m < rows; m += kTileRows) multiplyRows<DotFloats, kLayout>(p, m, least(kTileRows, rows - m), 0, columns, 0, depth);
}
// c[t, s] on s <= t, and up to the end of each six rows.
inline void multiplyToTriangle(const Product& p, int64_t tokens, int64_t depth) {
  for (int64_t m = 0; m < tokens; m += kTileRows) {
    const int64_t end = least(tokens, m + kTileRows);
    multiplyRows<DotFloats, Layout::RowsOfM>(p, m, end - m, 0, wholeVectors(end), 0, depth);
  }
}
// c[t] = Σ over s <= t of a[t, s] · b[s]; a is zero behind t up to the end of each six rows.
inline void multiplyTriangle(const Product& p, int64_t tokens, int64_t columns) {
  for (int64_t m = 0; m < tokens; m += kTileRows) {
    const int64_t end = least(tokens, m + kTileRows);
    multiplyRows<DotFloats, Layout::RowsOfM>(p, m, end - m, 0, columns, 0, end);
  }
}
// c[s] = Σ over t >= s of a[t, s] · b[t].
inline void multiplyTurnedTriangle(const Product& p, int64_t tokens, int64_t columns) {
  for (int64_t m = 0; m < tokens; m += kTileRows) multiplyRows<DotFloats, Layout::RowsOfK>(p, m, least(kTileRows, tokens - m), 0, columns, m, tokens);
}

// log(1 + e^u) = max(u, 0) + 2 · artanh(z / (2 + z)) with z = e^-|u|: the series converges like 9^-n.
inline Vec softplus(Vec u) {
  const Vec z = exp(zeros() - abs(u)), s = z / (broadcast(2.0f) + z), q = s * s;
  Vec p = broadcast(1.0f / 15);
  p = fma(p, q, broadcast(1.0f / 13));
  p = fma(p, q, broadcast(1.0f / 11));
  p = fma(p, q, broadcast(1.0f / 9));
  p = fma(p, q, broadcast(1.0f / 7));
  p = fma(p, q, broadcast(1.0f / 5));
  p = fma(p, q, broadcast(1.0f / 3));
  p = fma(p, q, broadcast(1.0f));
  return fma(s + s, p, max(zeros(), u));
}

// e^x, and 0 where that is less than 1e-26: what has faded so far counts for nothing in f32, but its products would be subnormal and slow.
constexpr float kFaded = -60;
inline Vec fading(Vec x) { return select(broadcast(kFaded) <= x, exp(x), zeros()); }

// Tokens [first, first + tokens) of a segment.
struct Chunk {
  int64_t first, tokens, index;
};

inline Chunk chunkOf(const StateSpaceUnit& unit, int64_t begin) {
  return {unit.firstRow + begin, least(kChunk, unit.endRow - unit.firstRow - begin), unit.firstChunk + begin / kChunk};
}

// One head's step sizes in a chunk. Behind its tokens: delta 0, the sums as at the last one.
struct Steps {
  float delta[kChunk], slope[kChunk];             // Δ, and its derivative by the raw value
  float sum[kChunk], decay[kChunk], rest[kChunk];  // c, exp(c), exp(c[last] - c)
  float a, total;                                  // -exp(A_log), exp(c[last])

  void compute(const StateSpaceCall& call, const Chunk& chunk, int64_t head) {
    const int64_t padded = wholeVectors(chunk.tokens);
    a = -expf(call.aLog[head]);
    for (int64_t t = 0; t < padded; ++t) sum[t] = t < chunk.tokens ? get(call.raw, (chunk.first + t) * call.heads + head) + call.bias[head] : 0;
    const Vec smallest = broadcast(call.leastDelta), largest = broadcast(call.mostDelta);
    for (int64_t t = 0; t < padded; t += Vec::kLanes) {
      const Vec u = load(sum + t), soft = softplus(u);
      store(delta + t, min(largest, max(smallest, soft)));
      store(slope + t, select((soft >= smallest) & (soft <= largest), sigmoid(u), zeros()));
    }
    float running = 0;
    for (int64_t t = 0; t < padded; ++t) {
      if (t >= chunk.tokens) delta[t] = 0;
      sum[t] = running += a * delta[t];
    }
    total = running < kFaded ? 0 : expf(running);
    for (int64_t t = 0; t < padded; t += Vec::kLanes) {
      store(decay + t, fading(load(sum + t)));
      store(rest + t, fading(broadcast(running) - load(sum + t)));
    }
  }

  // exp(c[t] - c[s]) for a vector of s, 0 behind t.
  Vec between(int64_t t, int64_t s) const {
    const Vec e = fading(min(zeros(), broadcast(sum[t]) - load(sum + s)));
    return select(lanes() + broadcast(float(s)) <= broadcast(float(t)), e, zeros());
  }
  static Mask isBefore(int64_t s, int64_t t) { return lanes() + broadcast(float(s)) < broadcast(float(t)); }
};

// B and C of a chunk and their products: the same for all heads of a group.
struct Shared {
  float *b, *c;     // [tokens, N]
  float* bTurned;   // [N, chunk]
  float* pairs;     // C · B, [chunk, chunk] on s <= t
  int64_t width;    // N in whole vectors

  Shared(const StateSpaceCall& call, Room& room) : width(wholeVectors(call.stateSize)) {
    b = room.take(kChunk * width);
    c = room.take(kChunk * width);
    bTurned = room.take(width * kChunk);
    pairs = room.take(kChunk * kChunk);
  }

  void load(const StateSpaceCall& call, const StateSpaceUnit& unit, const Chunk& chunk) const {
    const int64_t group = unit.head / (call.heads / call.groups), size = call.stateSize;
    for (int64_t t = 0; t < chunk.tokens; ++t) {
      const int64_t at = (chunk.first + t) * call.columns() + call.heads * call.headSize + group * size;
      loadRow(b + t * width, call.xbc, at, size);
      loadRow(c + t * width, call.xbc, at + call.groups * size, size);
    }
    turnPanel(bTurned, kChunk, {b, chunk.tokens, size, width});
    multiplyToTriangle({c, width, bTurned, kChunk, pairs, kChunk, nullptr}, chunk.tokens, size);
  }
};

}  // namespace
}  // namespace lathe
