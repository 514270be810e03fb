// One backward unit of the scan: chunks from the last to the first, everything but the states before them computed anew.
namespace lathe {
namespace {

struct BackwardPanels {
  Shared shared;
  float* cTurned;                   // [N, chunk]
  float *turned, *dbTurned, *dcTurned;  // [N, chunk]
  float *db, *dc;                   // [tokens, N]
  float *q, *weights;               // Q summed over heads; W, then M: [chunk, chunk]
  float *x, *dy, *dx;               // [tokens, P]
  float *xTurned, *dyTurned;        // [P, chunk]
  float *state, *gradients;         // [N, P], [heads, N, P]
  float* totals;                    // exp(c[last]) for each row of a state
  int64_t width;                    // P in whole vectors

  BackwardPanels(const StateSpaceCall& call, Room room) : shared(call, room), width(wholeVectors(call.headSize)) {
    float** const byState[] = {&cTurned, &turned, &dbTurned, &dcTurned, &db, &dc};
    for (float** panel : byState) *panel = room.take(kChunk * shared.width);
    float** const byHead[] = {&x, &dy, &dx, &xTurned, &dyTurned};
    for (float** panel : byHead) *panel = room.take(kChunk * width);
    q = room.take(kChunk * kChunk);
    weights = room.take(kChunk * kChunk);
    state = room.take(shared.width * width);
    gradients = room.take(kStateHeads * shared.width * width);
    totals = room.take(shared.width);
  }
};

// One head in one chunk: what its gradients need and where they gather.
struct HeadPass {
  const StateSpaceCall& call;
  const BackwardPanels& panels;
  const Chunk& chunk;
  int64_t head;
  float* gradient;                // dS', then dS⁰
  bool hasState, hasGradient;     // false: S⁰ or dS' is zero, and products with it are left out
  Steps steps{};
  float dDelta[kChunk]{}, dSum[kChunk]{}, scale[kChunk]{};  // dΔ, dc, exp(c[last] - c) · Δ
  float dLast = 0;                                    // what dc[last] gets besides

  int64_t padded() const { return wholeVectors(chunk.tokens); }

  void load() {
    const int64_t width = panels.width, size = call.headSize;
    for (int64_t t = 0; t < chunk.tokens; ++t) {
      loadRow(panels.x + t * width, call.xbc, (chunk.first + t) * call.columns() + head * size, size);
      loadRow(panels.dy + t * width, call.dy, ((chunk.first + t) * call.heads + head) * size, size);
    }
    steps.compute(call, chunk, head);
    for (int64_t t = 0; t < padded(); t += Vec::kLanes) {
      store(scale + t, lathe::load(steps.rest + t) * lathe::load(steps.delta + t));
      store(dDelta + t, zeros());
      store(dSum + t, zeros());
    }
    turnPanel(panels.xTurned, kChunk, {panels.x, chunk.tokens, size, width});
  }

  // W becomes M; Q, dΔ and dc take what flows through M. A token's effect on itself leaves no trace in dc and is kept out of its sums.
  void throughWeights() {
    float own[kChunk] = {};
    multiplyToTriangle({panels.dy, panels.width, panels.xTurned, kChunk, panels.weights, kChunk, nullptr}, chunk.tokens, call.headSize);
    for (int64_t t = 0; t < chunk.tokens; ++t) {
      const float* pairs = panels.shared.pairs + t * kChunk;
      float *weights = panels.weights + t * kChunk, *q = panels.q + t * kChunk;
      const int64_t end = least(chunk.tokens, (t / kTileRows + 1) * kTileRows);
      own[t] = weights[t] * pairs[t];
      Vec row = zeros();
      for (int64_t s = 0; s < end; s += Vec::kLanes) {
        const Vec e = steps.between(t, s), delta = lathe::load(steps.delta + s), w = lathe::load(weights + s), ge = lathe::load(pairs + s) * e;
        const Vec both = select(Steps::isBefore(s, t), w * ge, zeros());
        store(q + s, fma(w * e, delta, lathe::load(q + s)));
        store(weights + s, ge * delta);
        store(dDelta + s, lathe::load(dDelta + s) + both);
        row = fma(both, delta, row);
      }
      dSum[t] = sum(row);
    }
    for (int64_t s = 0; s < padded(); s += Vec::kLanes) {
      const Vec column = lathe::load(dDelta + s);
      store(dSum + s, fnma(lathe::load(steps.delta + s), column, lathe::load(dSum + s)));
      store(dDelta + s, column + lathe::load(own + s));
    }
  }

  // Returns Σ dy · x.
  float writeInput() {
    const int64_t width = panels.width, size = call.headSize;
    if (hasGradient) multiplyAll<Layout::RowsOfM>({panels.shared.b, panels.shared.width, gradient, width, panels.dx, width, nullptr}, chunk.tokens, width, call.stateSize);
    multiplyTurnedTriangle({panels.weights, kChunk, panels.dy, width, panels.dx, width, hasGradient ? scale : nullptr}, chunk.tokens, width);
    const Vec skip = broadcast(call.d[head]);
    Vec products = zeros();
    for (int64_t t = 0; t < chunk.tokens; ++t) {
      const float *x = panels.x + t * width, *dy = panels.dy + t * width, *dx = panels.dx + t * width;
      forVectors(0, size, [&](int64_t p, int lanes) {
        const Vec out = lathe::load(dy + p);
        products = fma(out, lathe::load(x + p), products);
        store(call.dxbc, (chunk.first + t) * call.columns() + head * size + p, fma(skip, out, lathe::load(dx + p)), lanes);
      });
    }
    return sum(products);
  }

  // turned = matrix [N, P] · other [P, tokens]; to += factor · turned; dots[t] = Σ_n turned[n, t] · with[n, t]
  void throughState(const float* matrix, const float* other, const float* with, const float* factor, float* to, float* dots) {
    const int64_t width = panels.width;
    multiplyAll<Layout::RowsOfM>({matrix, width, other, kChunk, panels.turned, kChunk, nullptr}, call.stateSize, padded(), call.headSize);
    for (int64_t t = 0; t < padded(); t += Vec::kLanes) {
      const Vec scaled = lathe::load(factor + t);
      Vec dot = zeros();
      for (int64_t n = 0; n < call.stateSize; ++n) {
        const Vec value = lathe::load(panels.turned + n * kChunk + t);
        dot = fma(value, lathe::load(with + n * kChunk + t), dot);
        store(to + n * kChunk + t, fma(scaled, value, lathe::load(to + n * kChunk + t)));
      }
      store(dots + t, dot);
    }
  }

  // What the state behind the chunk was made of: dB, dΔ, dc, and dc[last] through its decay.
  void throughNextState() {
    float dots[kChunk];
    throughState(gradient, panels.xTurned, panels.shared.bTurned, scale, panels.dbTurned, dots);
    Vec last = zeros();
    for (int64_t t = 0; t < padded(); t += Vec::kLanes) {
      const Vec dot = lathe::load(dots + t), part = dot * lathe::load(scale + t);
      store(dDelta + t, fma(lathe::load(steps.rest + t), dot, lathe::load(dDelta + t)));
      store(dSum + t, lathe::load(dSum + t) - part);
      last = last + part;
    }
    dLast += sum(last);
    if (!hasState) return;
    Vec inner = zeros();
    for (int64_t i = 0; i < call.stateSize * panels.width; i += Vec::kLanes) inner = fma(lathe::load(panels.state + i), lathe::load(gradient + i), inner);
    dLast += steps.total * sum(inner);
  }

  // What read the state before the chunk: dC, dc; then dS⁰.
  void throughLastState() {
    const int64_t width = panels.width;
    float dots[kChunk];
    turnPanel(panels.dyTurned, kChunk, {panels.dy, chunk.tokens, call.headSize, width});
    throughState(panels.state, panels.dyTurned, panels.cTurned, steps.decay, panels.dcTurned, dots);
    for (int64_t t = 0; t < padded(); t += Vec::kLanes) store(dSum + t, fma(lathe::load(steps.decay + t), lathe::load(dots + t), lathe::load(dSum + t)));
    for (int64_t t = 0; t < chunk.tokens; ++t)
      for (int64_t p = 0; p < width; p += Vec::kLanes) store(panels.dy + t * width + p, lathe::load(panels.dy + t * width + p) * broadcast(steps.decay[t]));
    fillVectors(panels.totals, panels.shared.width, steps.total);
    const Product product = {panels.shared.c, panels.shared.width, panels.dy, width, gradient, width, hasGradient ? panels.totals : nullptr};
    multiplyAll<Layout::RowsOfK>(product, call.stateSize, width, chunk.tokens);
  }

  // The raw step sizes' gradient; sums of it and of A_log's go to `bias` and `aLog`.
  void writeSteps(float* bias, float* aLog) {
    double da = dLast, biasSum = 0, aSum = 0;
    for (int64_t t = chunk.tokens - 1; t >= 0; --t) {
      da += dSum[t];
      const float draw = (dDelta[t] + steps.a * float(da)) * steps.slope[t];
      set(call.draw, (chunk.first + t) * call.heads + head, draw);
      biasSum += draw;
      aSum += double(steps.delta[t]) * da;
    }
    *bias += float(biasSum);
    *aLog += steps.a * float(aSum);
  }
};

// dB and dC of the unit's heads, from Q and from what came through states.
inline void writePairs(const StateSpaceCall& call, const StateSpaceUnit& unit, const BackwardPanels& panels, const Chunk& chunk, bool hasState, bool hasGradient) {
  const int64_t width = panels.shared.width, size = call.stateSize, group = unit.head / (call.heads / call.groups);
  const FloatArray pairs = {unit.pairSums, DType::F32};
  multiplyTriangle({panels.q, kChunk, panels.shared.b, width, panels.dc, width, nullptr}, chunk.tokens, width);
  multiplyTurnedTriangle({panels.q, kChunk, panels.shared.c, width, panels.db, width, nullptr}, chunk.tokens, width);
  // B and C have served: their panels take the turned sums.
  if (hasGradient) turnPanel(panels.shared.b, width, {panels.dbTurned, size, chunk.tokens, kChunk});
  if (hasState) turnPanel(panels.shared.c, width, {panels.dcTurned, size, chunk.tokens, kChunk});
  for (int64_t t = 0; t < chunk.tokens; ++t) {
    const int64_t row = t * width, at = ((chunk.first + t) * 2 * call.groups + group) * size;
    forVectors(0, size, [&](int64_t n, int lanes) {
      const Vec db = load(panels.db + row + n), dc = load(panels.dc + row + n);
      store(pairs, at + n, hasGradient ? db + load(panels.shared.b + row + n) : db, lanes);
      store(pairs, at + call.groups * size + n, hasState ? dc + load(panels.shared.c + row + n) : dc, lanes);
    });
  }
}

void backward(const StateSpaceCall& call, const StateSpaceUnit& unit, float* scratch) {
  const BackwardPanels panels(call, {scratch});
  const int64_t length = unit.endRow - unit.firstRow, stateFloats = panels.shared.width * panels.width;
  for (int64_t begin = (length - 1) / kChunk * kChunk; begin >= 0; begin -= kChunk) {
    const Chunk chunk = chunkOf(unit, begin);
    const bool hasState = begin > 0, hasGradient = begin + kChunk < length;
    panels.shared.load(call, unit, chunk);
    turnPanel(panels.cTurned, kChunk, {panels.shared.c, chunk.tokens, call.stateSize, panels.shared.width});
    fillVectors(panels.q, chunk.tokens * kChunk, 0);
    fillVectors(panels.dbTurned, call.stateSize * kChunk, 0);
    fillVectors(panels.dcTurned, call.stateSize * kChunk, 0);
    for (int64_t head = unit.head; head < unit.headEnd; ++head) {
      HeadPass pass{call, panels, chunk, head, panels.gradients + (head - unit.head) * stateFloats, hasState, hasGradient};
      if (hasState) loadState(panels.state, call.states + atState(call, chunk.index, head), call, panels.width);
      pass.load();
      pass.throughWeights();
      unit.headSums[2 * call.heads + head] += pass.writeInput();
      if (hasGradient) pass.throughNextState();
      if (hasState) pass.throughLastState();
      pass.writeSteps(unit.headSums + head, unit.headSums + call.heads + head);
    }
    writePairs(call, unit, panels, chunk, hasState, hasGradient);
  }
}

constexpr StateSpaceKernel kKernel = {forward, backward};

}  // namespace
}  // namespace lathe
