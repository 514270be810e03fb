// One backward unit: blocks of 64 queries against blocks of 64 keys, weights recomputed from lse; scores transposed as in forward.inl.
namespace lathe {
namespace {

struct BackwardPanels {
  float *keys, *values, *dKeys, *dValues;                        // [keys of the unit, headSize]
  float *queries, *queriesAcross, *douts, *doutsAcross, *dQueries;  // [rows, headSize], across: [headSize, rows]; queries scaled
  float *weights, *slopes;                                       // P and dS, [keys, rows]
  float lse[kAttentionRows], mean[kAttentionRows];
  int64_t width;  // headSize in whole vectors

  BackwardPanels(const AttentionCall& call, int64_t unitKeys, float* scratch) : width(roundUp(call.headSize, Vec::kLanes)) {
    const int64_t block = kAttentionRows * width;
    keys = scratch;
    values = keys + unitKeys * width;
    dKeys = values + unitKeys * width;
    dValues = dKeys + unitKeys * width;
    queries = dValues + unitKeys * width;
    queriesAcross = queries + block;
    douts = queriesAcross + block;
    doutsAcross = douts + block;
    dQueries = doutsAcross + block;
    weights = dQueries + block;
    slopes = weights + kAttentionKeys * kAttentionRows;
  }
};

inline float rowDot(const float* a, const FloatRows& b, int64_t at, int64_t count) {
  constexpr int kLanes = Vec::kLanes;
  Vec total = zeros();
  for (int64_t i = 0; i < count; i += kLanes) {
    const int lanesLeft = int(least(kLanes, count - i));
    const Vec other = b.bf16 ? loadPartial(static_cast<const Bf16*>(b.data) + at + i, lanesLeft) : loadPartial(static_cast<const float*>(b.data) + at + i, lanesLeft);
    total = fma(load(a + i), other, total);
  }
  return sum(total);
}

// Keys [key, key + count) of the segment into the panels at `slot`.
inline void loadKeys(const AttentionCall& call, const Segment& segment, const BackwardPanels& panels, int64_t keyHead, int64_t key, int64_t count) {
  for (int64_t k = 0; k < count; ++k) {
    const int64_t at = ((segment.firstKey + key + k) * call.keyHeads + keyHead) * call.headSize;
    loadRow(panels.keys + k * panels.width, call.k, at, call.headSize, panels.width, 1);
    loadRow(panels.values + k * panels.width, call.v, at, call.headSize, panels.width, 1);
  }
}

inline void loadQueries(const AttentionCall& call, const Segment& segment, BackwardPanels& panels, Visibility& seen, int64_t head, int64_t query, int64_t rows) {
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t at = ((segment.firstQuery + query + r) * call.heads + head) * call.headSize;
    float* dout = panels.douts + r * panels.width;
    loadRow(panels.queries + r * panels.width, call.q, at, call.headSize, panels.width, call.scale);
    loadRow(dout, call.dout, at, call.headSize, panels.width, 1);
    panels.mean[r] = rowDot(dout, call.o, at, call.headSize);
    panels.lse[r] = call.lse[head * call.queries + segment.firstQuery + query + r];
    seen.set(r, segment.firstSeen(query + r), segment.position(query + r) + 1);
  }
  seen.summarise(rows);
  for (int64_t r = rows; r < seen.vecs * Vec::kLanes; ++r) panels.lse[r] = panels.mean[r] = 0;
  transposePanel(panels.queriesAcross, panels.queries, rows, call.headSize, panels.width);
  transposePanel(panels.doutsAcross, panels.douts, rows, call.headSize, panels.width);
}

// Scores become P, their gradients dS, for one vector of rows down the keys; nothing is left undefined where a row sees no key.
inline void weightVector(const BackwardPanels& panels, const Visibility& seen, int64_t v, int64_t key, int64_t keys, float softcap) {
  const int64_t row = v * Vec::kLanes, begin = most(0, least(keys, seen.vecFirst[v] - key)), stop = most(begin, least(keys, seen.vecEnd[v] - key));
  const Vec first = load(seen.first + row), end = load(seen.end + row), lse = load(panels.lse + row), mean = load(panels.mean + row);
  const Vec cap = broadcast(softcap), inverse = broadcast(softcap == 0 ? 0 : 1 / softcap), one = broadcast(1);
  float *weights = panels.weights + row, *slopes = panels.slopes + row;
  const bool edge = seen.innerFirst[v] > key + begin || seen.innerEnd[v] < key + stop;
  for (int64_t k = 0; k < begin; ++k) {
    store(weights + k * kAttentionRows, zeros());
    store(slopes + k * kAttentionRows, zeros());
  }
  for (int64_t k = begin; k < stop; ++k) {
    Vec score = load(weights + k * kAttentionRows), bend = one;
    if (softcap != 0) {
      const Vec bent = tanh(score * inverse);
      score = cap * bent;
      bend = fnma(bent, bent, one);
    }
    Vec weight = exp(score - lse);
    if (edge) {
      const Vec at = broadcast(float(key + k));
      weight = select((first <= at) & (at < end), weight, zeros());
    }
    Vec slope = weight * (load(slopes + k * kAttentionRows) - mean);
    if (softcap != 0) slope = slope * bend;
    store(weights + k * kAttentionRows, weight);
    store(slopes + k * kAttentionRows, slope);
  }
  for (int64_t k = stop; k < keys; ++k) {
    store(weights + k * kAttentionRows, zeros());
    store(slopes + k * kAttentionRows, zeros());
  }
}

// dValues += Pᵀ dO and dKeys += dSᵀ Q for the keys of one block, each six keys over the rows that see them.
inline void addToKeys(const BackwardPanels& panels, const Visibility& seen, int64_t slot, int64_t key, int64_t keys) {
  const int64_t width = panels.width;
  const Product toValues{panels.weights, kAttentionRows, panels.douts, width, panels.dValues + slot * width, width, kKeep};
  const Product toKeys{panels.slopes, kAttentionRows, panels.queries, width, panels.dKeys + slot * width, width, kKeep};
  for (int64_t m = 0; m < keys; m += kTileRows) {
    const int64_t count = least(kTileRows, keys - m);
    int64_t begin = 0, stop = seen.rows;
    while (begin < stop && seen.rowEnd[begin] <= key + m) ++begin;
    while (begin < stop && seen.rowFirst[stop - 1] >= key + m + count) --stop;
    if (begin == stop) continue;
    multiplyRows<DotFloats, Layout::RowsOfM>(toValues, m, count, 0, width, begin, stop);
    multiplyRows<DotFloats, Layout::RowsOfM>(toKeys, m, count, 0, width, begin, stop);
  }
}

// dQueries += dS K
inline void addToQueries(const BackwardPanels& panels, const Visibility& seen, int64_t slot, int64_t key, int64_t keys) {
  const int64_t width = panels.width;
  const Product p{panels.slopes, kAttentionRows, panels.keys + slot * width, width, panels.dQueries, width, kKeep};
  for (int64_t m = 0; m < seen.rows; m += kTileRows) {
    const int64_t count = least(kTileRows, seen.rows - m);
    int64_t from, to;
    seen.span(m, m + count, &from, &to);
    const int64_t begin = most(0, least(keys, from - key)), stop = most(begin, least(keys, to - key));
    if (begin < stop) multiplyRows<DotFloats, Layout::RowsOfK>(p, m, count, 0, width, begin, stop);
  }
}

inline void clearPanel(float* panel, int64_t floats) {
  for (int64_t i = 0; i < floats; i += Vec::kLanes) store(panel + i, zeros());
}

// The rows of `panels` against every key of the unit that they see.
inline void visitKeys(const AttentionCall& call, const AttentionBackwardUnit& unit, const Segment& segment, BackwardPanels& panels, const Visibility& seen) {
  const int64_t keyHead = unit.head / (call.heads / call.keyHeads), depth = call.headSize, width = panels.width;
  int64_t from, to;
  seen.span(0, seen.rows, &from, &to);
  // Blocks begin at multiples of the block size from the unit's first key, so that a key's sums do not depend on the query block.
  const int64_t skipped = most(0, from - unit.key) / kAttentionKeys * kAttentionKeys;
  for (int64_t key = unit.key + skipped; key < least(unit.keyEnd, to); key += kAttentionKeys) {
    const int64_t keys = least(kAttentionKeys, unit.keyEnd - key), slot = unit.wantKeys ? key - unit.key : 0;
    if (!unit.wantKeys) loadKeys(call, segment, panels, keyHead, key, keys);
    const Product scores{panels.keys + slot * width, width, panels.queriesAcross, kAttentionRows, panels.weights, kAttentionRows, nullptr};
    const Product toWeights{panels.values + slot * width, width, panels.doutsAcross, kAttentionRows, panels.slopes, kAttentionRows, nullptr};
    scoreBlock<DotFloats>(seen, scores, key, keys, depth);
    scoreBlock<DotFloats>(seen, toWeights, key, keys, depth);
    for (int64_t v = 0; v < seen.vecs; ++v) weightVector(panels, seen, v, key, keys, call.softcap);
    if (unit.wantKeys) addToKeys(panels, seen, slot, key, keys);
    if (unit.wantQueries) addToQueries(panels, seen, slot, key, keys);
  }
}

inline void backwardUnit(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) {
  const Segment segment(call, unit.segment);
  const int64_t unitKeys = unit.wantKeys ? unit.keyEnd - unit.key : kAttentionKeys, keyHead = unit.head / (call.heads / call.keyHeads);
  BackwardPanels panels(call, unitKeys, scratch);
  if (unit.wantKeys) {
    loadKeys(call, segment, panels, keyHead, unit.key, unitKeys);
    clearPanel(panels.dKeys, 2 * unitKeys * panels.width);
  }
  for (int64_t head = unit.head; head < unit.headEnd; ++head) {
    for (int64_t query = unit.query; query < unit.queryEnd; query += kAttentionRows) {
      const int64_t rows = least(kAttentionRows, unit.queryEnd - query);
      if (segment.position(query + rows - 1) < unit.key || segment.firstSeen(query) >= unit.keyEnd) continue;
      Visibility seen;
      loadQueries(call, segment, panels, seen, head, query, rows);
      if (unit.wantQueries) clearPanel(panels.dQueries, rows * panels.width);
      visitKeys(call, unit, segment, panels, seen);
      for (int64_t r = 0; unit.wantQueries && r < rows; ++r) {
        const int64_t at = ((segment.firstQuery + query + r) * call.heads + head) * call.headSize;
        storeRow(call.dq, at, panels.dQueries + r * panels.width, call.headSize, call.scale);
      }
    }
  }
  for (int64_t k = 0; unit.wantKeys && k < unitKeys; ++k) {
    const int64_t at = ((segment.firstKey + unit.key + k) * call.keyHeads + keyHead) * call.headSize;
    storeRow(call.dk, at, panels.dKeys + k * panels.width, call.headSize, 1);
    storeRow(call.dv, at, panels.dValues + k * panels.width, call.headSize, 1);
  }
}

}  // namespace
}  // namespace lathe
