// The scan as the recurrence reads, one token after the other in f64: the oracle of the other rows and the fallback everywhere.
#include <math.h>

#include "kernels/state-space/state-space.h"

namespace lathe {
namespace {

// Where things lie, and what a token's step size is.
struct Head {
  const StateSpaceCall& call;
  int64_t head, group, size, width;
  double a;

  Head(const StateSpaceCall& c, int64_t h) : call(c), head(h), group(h / (c.heads / c.groups)), size(c.stateSize), width(c.headSize), a(-exp(double(c.aLog[h]))) {}

  int64_t atX(int64_t row) const { return row * call.columns() + head * width; }
  int64_t atB(int64_t row) const { return row * call.columns() + call.heads * width + group * size; }
  int64_t atC(int64_t row) const { return atB(row) + call.groups * size; }
  double x(int64_t row, int64_t p) const { return get(call.xbc, atX(row) + p); }
  double b(int64_t row, int64_t n) const { return get(call.xbc, atB(row) + n); }
  double c(int64_t row, int64_t n) const { return get(call.xbc, atC(row) + n); }

  // Δ, and its derivative by the raw value.
  double delta(int64_t row, double* slope) const {
    const double u = double(get(call.raw, row * call.heads + head)) + double(call.bias[head]);
    const double soft = fmax(u, 0) + log1p(exp(-fabs(u)));
    const bool inside = soft >= double(call.leastDelta) && soft <= double(call.mostDelta);
    *slope = inside ? 1 / (1 + exp(-u)) : 0;
    return fmin(fmax(soft, double(call.leastDelta)), double(call.mostDelta));
  }

  // Of the state of this head among those at `chunk`, which are [chunks, heads, N, P].
  int64_t atState(int64_t chunk, int64_t p, int64_t n) const { return ((chunk * call.heads + head) * size + n) * width + p; }
};

// state [N] of channel p, one token on.
void advance(const Head& head, int64_t row, int64_t p, double delta, const double* before, double* after) {
  const double decay = exp(head.a * delta), input = delta * head.x(row, p);
  for (int64_t n = 0; n < head.size; ++n) after[n] = decay * before[n] + head.b(row, n) * input;
}

void forwardChannel(const Head& head, const StateSpaceUnit& unit, int64_t p, double* state) {
  const StateSpaceCall& call = head.call;
  for (int64_t n = 0; n < head.size; ++n) state[n] = call.initial == nullptr ? 0 : call.initial[head.atState(unit.segment, p, n)];
  double slope;
  for (int64_t row = unit.firstRow; row < unit.endRow; ++row) {
    const int64_t token = row - unit.firstRow, chunk = unit.firstChunk + token / kStateChunk;
    for (int64_t n = 0; call.states != nullptr && token % kStateChunk == 0 && n < head.size; ++n) call.states[head.atState(chunk, p, n)] = float(state[n]);
    advance(head, row, p, head.delta(row, &slope), state, state);
    double y = double(call.d[head.head]) * head.x(row, p);
    for (int64_t n = 0; n < head.size; ++n) y += state[n] * head.c(row, n);
    set(call.y, row * call.heads * head.width + head.head * head.width + p, float(y));
  }
  for (int64_t n = 0; call.final != nullptr && n < head.size; ++n) call.final[head.atState(unit.segment, p, n)] = float(state[n]);
}

void forward(const StateSpaceCall& call, const StateSpaceUnit& unit, float* scratch) {
  for (int64_t h = unit.head; h < unit.headEnd; ++h)
    for (int64_t p = 0; p < call.headSize; ++p) forwardChannel(Head(call, h), unit, p, reinterpret_cast<double*>(scratch));
}

// One chunk of a unit.
struct Chunk {
  int64_t first, tokens, index;
};

struct Sums {
  double *history;         // [tokens + 1, N]: the states of one channel
  double *gradients;       // [heads, P, N]: of the state behind the chunk
  double *db, *dc;         // [tokens, N]
  double delta[kStateChunk], slope[kStateChunk], dDelta[kStateChunk], da[kStateChunk];
  double bias[kStateHeads], a[kStateHeads], d[kStateHeads];
};

// Channel p of a chunk: the states forward, then their gradient backward.
void backwardChannel(const Head& head, const Chunk& chunk, int64_t p, double* gradient, Sums& sums) {
  const StateSpaceCall& call = head.call;
  const int64_t size = head.size;
  for (int64_t n = 0; n < size; ++n) sums.history[n] = call.states[head.atState(chunk.index, p, n)];
  for (int64_t t = 0; t < chunk.tokens; ++t) advance(head, chunk.first + t, p, sums.delta[t], sums.history + t * size, sums.history + (t + 1) * size);
  for (int64_t t = chunk.tokens - 1; t >= 0; --t) {
    const int64_t row = chunk.first + t;
    const double dy = get(call.dy, row * call.heads * head.width + head.head * head.width + p), x = head.x(row, p);
    const double delta = sums.delta[t], decay = exp(head.a * delta);
    double toInput = 0, toDecay = 0;
    for (int64_t n = 0; n < size; ++n) {
      gradient[n] += dy * head.c(row, n);
      sums.dc[t * size + n] += dy * sums.history[(t + 1) * size + n];
      sums.db[t * size + n] += gradient[n] * delta * x;
      toInput += gradient[n] * head.b(row, n);
      toDecay += gradient[n] * sums.history[t * size + n];
      gradient[n] *= decay;
    }
    set(call.dxbc, head.atX(row) + p, float(toInput * delta + double(call.d[head.head]) * dy));
    sums.dDelta[t] += toInput * x;
    sums.da[t] += decay * toDecay;
    sums.d[head.head % kStateHeads] += dy * x;
  }
}

void backwardHead(const Head& head, const StateSpaceUnit& unit, const Chunk& chunk, Sums& sums) {
  const StateSpaceCall& call = head.call;
  for (int64_t t = 0; t < chunk.tokens; ++t) {
    sums.delta[t] = head.delta(chunk.first + t, &sums.slope[t]);
    sums.dDelta[t] = sums.da[t] = 0;
  }
  const int64_t own = head.head % kStateHeads;
  for (int64_t p = 0; p < head.width; ++p) backwardChannel(head, chunk, p, sums.gradients + ((head.head - unit.head) * head.width + p) * head.size, sums);
  for (int64_t t = 0; t < chunk.tokens; ++t) {
    const double draw = (sums.dDelta[t] + head.a * sums.da[t]) * sums.slope[t];
    set(call.draw, (chunk.first + t) * call.heads + head.head, float(draw));
    sums.bias[own] += draw;
    sums.a[own] += sums.delta[t] * sums.da[t] * head.a;
  }
}

void backward(const StateSpaceCall& call, const StateSpaceUnit& unit, float* scratch) {
  const int64_t size = call.stateSize, length = unit.endRow - unit.firstRow, group = unit.head / (call.heads / call.groups);
  Sums sums{};
  sums.history = reinterpret_cast<double*>(scratch);
  sums.db = sums.history + (kStateChunk + 1) * size;
  sums.dc = sums.db + kStateChunk * size;
  sums.gradients = sums.dc + kStateChunk * size;
  for (int64_t i = 0; i < (unit.headEnd - unit.head) * call.headSize * size; ++i) sums.gradients[i] = 0;
  for (int64_t begin = (length - 1) / kStateChunk * kStateChunk; begin >= 0; begin -= kStateChunk) {
    const Chunk chunk = {unit.firstRow + begin, length - begin < kStateChunk ? length - begin : kStateChunk, unit.firstChunk + begin / kStateChunk};
    for (int64_t i = 0; i < chunk.tokens * size; ++i) sums.db[i] = sums.dc[i] = 0;
    for (int64_t h = unit.head; h < unit.headEnd; ++h) backwardHead(Head(call, h), unit, chunk, sums);
    for (int64_t i = 0; i < chunk.tokens * size; ++i) {
      float* to = unit.pairSums + (chunk.first + i / size) * 2 * call.groups * size + group * size + i % size;
      to[0] = float(sums.db[i]);
      to[call.groups * size] = float(sums.dc[i]);
    }
  }
  for (int64_t h = unit.head; h < unit.headEnd; ++h) {
    unit.headSums[h] = float(sums.bias[h % kStateHeads]);
    unit.headSums[call.heads + h] = float(sums.a[h % kStateHeads]);
    unit.headSums[2 * call.heads + h] = float(sums.d[h % kStateHeads]);
  }
}

}  // namespace

const StateSpaceKernel& stateSpaceRef() {
  static constexpr StateSpaceKernel kernel = {forward, backward};
  return kernel;
}

}  // namespace lathe
