// One forward unit of the scan: chunk after chunk, each with small dense products.
namespace lathe {
namespace {

struct ForwardPanels {
  Shared shared;
  float* weights;         // M, [chunk, chunk]
  float *x, *scaled, *y;  // [tokens, P]
  float* states;          // [heads, N, P]
  float* totals;          // exp(c[last]) for each row of a state
  int64_t width;          // P in whole vectors

  ForwardPanels(const StateSpaceCall& call, Room room) : shared(call, room), width(wholeVectors(call.headSize)) {
    weights = room.take(kChunk * kChunk);
    x = room.take(kChunk * width);
    scaled = room.take(kChunk * width);
    y = room.take(kChunk * width);
    states = room.take(kStateHeads * shared.width * width);
    totals = room.take(shared.width);
  }
};

// M of the rows of a chunk, zero behind the diagonal up to the end of each six rows.
inline void weigh(const ForwardPanels& panels, const Steps& steps, int64_t tokens) {
  for (int64_t t = 0; t < tokens; ++t) {
    const float* pairs = panels.shared.pairs + t * kChunk;
    float* weights = panels.weights + t * kChunk;
    const int64_t end = least(tokens, (t / kTileRows + 1) * kTileRows);
    for (int64_t s = 0; s < end; s += Vec::kLanes) store(weights + s, load(pairs + s) * steps.between(t, s) * load(steps.delta + s));
  }
}

// S' = exp(c[last]) · S + Bᵀ (exp(c[last] - c) · Δ · x)
inline void advanceState(const ForwardPanels& panels, const Steps& steps, float* state, int64_t tokens, int64_t stateSize) {
  const int64_t width = panels.width;
  for (int64_t t = 0; t < tokens; ++t) {
    const Vec factor = broadcast(steps.rest[t] * steps.delta[t]);
    for (int64_t p = 0; p < width; p += Vec::kLanes) store(panels.scaled + t * width + p, load(panels.x + t * width + p) * factor);
  }
  fillVectors(panels.totals, panels.shared.width, steps.total);
  multiplyAll<Layout::RowsOfK>({panels.shared.b, panels.shared.width, panels.scaled, width, state, width, panels.totals}, stateSize, width, tokens);
}

// `fromZero`: the state is zero, and products with it are left out.
inline void forwardHead(const StateSpaceCall& call, const ForwardPanels& panels, const Chunk& chunk, int64_t head, float* state, bool fromZero, bool goesOn) {
  const int64_t width = panels.width, size = call.headSize, tokens = chunk.tokens, row = call.heads * size;
  Steps steps;
  steps.compute(call, chunk, head);
  for (int64_t t = 0; t < tokens; ++t) loadRow(panels.x + t * width, call.xbc, (chunk.first + t) * call.columns() + head * size, size);
  weigh(panels, steps, tokens);
  if (!fromZero) multiplyAll<Layout::RowsOfM>({panels.shared.c, panels.shared.width, state, width, panels.y, width, nullptr}, tokens, width, call.stateSize);
  multiplyTriangle({panels.weights, kChunk, panels.x, width, panels.y, width, fromZero ? nullptr : steps.decay}, tokens, width);
  const Vec skip = broadcast(call.d[head]);
  for (int64_t t = 0; t < tokens; ++t) {
    const float *x = panels.x + t * width, *y = panels.y + t * width;
    forVectors(0, size, [&](int64_t p, int lanes) { store(call.y, (chunk.first + t) * row + head * size + p, fma(skip, load(x + p), load(y + p)), lanes); });
  }
  if (goesOn) advanceState(panels, steps, state, tokens, call.stateSize);
}

// Rows of a state between its panel and its place [N, P] among many.
inline void loadState(float* panel, const float* from, const StateSpaceCall& call, int64_t width) {
  for (int64_t n = 0; n < call.stateSize; ++n) loadRow(panel + n * width, {const_cast<float*>(from), DType::F32}, n * call.headSize, call.headSize);
}
inline void storeState(float* to, const float* panel, const StateSpaceCall& call, int64_t width) {
  for (int64_t n = 0; n < call.stateSize; ++n) storeRow({to, DType::F32}, n * call.headSize, panel + n * width, call.headSize);
}
inline int64_t atState(const StateSpaceCall& call, int64_t index, int64_t head) { return (index * call.heads + head) * call.stateSize * call.headSize; }

void forward(const StateSpaceCall& call, const StateSpaceUnit& unit, float* scratch) {
  const ForwardPanels panels(call, {scratch});
  const int64_t length = unit.endRow - unit.firstRow, stateFloats = panels.shared.width * panels.width;
  const auto stateOf = [&](int64_t head) { return panels.states + (head - unit.head) * stateFloats; };
  for (int64_t head = unit.head; head < unit.headEnd; ++head) {
    fillVectors(stateOf(head), stateFloats, 0);
    if (call.initial != nullptr) loadState(stateOf(head), call.initial + atState(call, unit.segment, head), call, panels.width);
  }
  for (int64_t begin = 0; begin < length; begin += kChunk) {
    const Chunk chunk = chunkOf(unit, begin);
    panels.shared.load(call, unit, chunk);
    const bool fromZero = begin == 0 && call.initial == nullptr, goesOn = begin + kChunk < length || call.final != nullptr;
    for (int64_t head = unit.head; head < unit.headEnd; ++head) {
      if (call.states != nullptr) storeState(call.states + atState(call, chunk.index, head), stateOf(head), call, panels.width);
      forwardHead(call, panels, chunk, head, stateOf(head), fromZero, goesOn);
    }
  }
  for (int64_t head = unit.head; call.final != nullptr && head < unit.headEnd; ++head)
    storeState(call.final + atState(call, unit.segment, head), stateOf(head), call, panels.width);
}

}  // namespace
}  // namespace lathe
