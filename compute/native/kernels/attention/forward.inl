// One forward unit: up to 64 rows against blocks of 64 keys, scores transposed (key by row) so that softmax works down the lanes.
namespace lathe {
namespace {

struct ForwardPanels {
  float *queries, *raw, *keys, *values, *scores, *output;
  float largest[kAttentionRows], sum[kAttentionRows], rescale[kAttentionRows];
  int64_t width;  // headSize in whole vectors

  ForwardPanels(const AttentionCall& call, float* scratch) : width(roundUp(call.headSize, Vec::kLanes)) {
    queries = scratch;                             // [headSize, rows], scaled
    raw = queries + kAttentionRows * width;        // [rows, headSize]
    output = raw;                                  // q is read before the first output is written
    keys = raw + kAttentionRows * width;           // [keys, headSize]
    values = keys + kAttentionKeys * width;
    scores = values + kAttentionKeys * width;      // [keys, rows]
  }
};

// Query (within the segment) and head of row r of a unit.
struct RowPlace {
  int64_t query, head;
  RowPlace(const AttentionCall& call, const AttentionForwardUnit& unit, const Segment& segment, int64_t r)
      : query((unit.row + r) % segment.queries), head(unit.keyHead * (call.heads / call.keyHeads) + (unit.row + r) / segment.queries) {}
  int64_t at(const AttentionCall& call, const Segment& segment) const { return ((segment.firstQuery + query) * call.heads + head) * call.headSize; }
};

// Scores become exp(score - new maximum); maxima and sums move on; rescale is what the output so far has to be multiplied by.
inline void softmaxVector(ForwardPanels& panels, const Visibility& seen, int64_t v, int64_t key, int64_t keys, float softcap) {
  const int64_t row = v * Vec::kLanes, begin = most(0, least(keys, seen.vecFirst[v] - key)), stop = most(begin, least(keys, seen.vecEnd[v] - key));
  const Vec first = load(seen.first + row), end = load(seen.end + row), before = load(panels.largest + row);
  float* scores = panels.scores + row;
  const bool edge = seen.innerFirst[v] > key + begin || seen.innerEnd[v] < key + stop;
  Vec largest = before;
  if (edge || softcap != 0) {
    const Vec cap = broadcast(softcap), inverse = broadcast(softcap == 0 ? 0 : 1 / softcap), hidden = broadcast(-INFINITY);
    for (int64_t k = begin; k < stop; ++k) {
      Vec score = load(scores + k * kAttentionRows);
      if (softcap != 0) score = cap * tanh(score * inverse);
      const Vec at = broadcast(float(key + k));
      if (edge) score = select((first <= at) & (at < end), score, hidden);
      store(scores + k * kAttentionRows, score);
      largest = max(largest, score);
    }
  } else {
    Vec other = before, third = before, fourth = before;
    int64_t k = begin;
    for (; k + 4 <= stop; k += 4) {
      largest = max(largest, load(scores + k * kAttentionRows));
      other = max(other, load(scores + (k + 1) * kAttentionRows));
      third = max(third, load(scores + (k + 2) * kAttentionRows));
      fourth = max(fourth, load(scores + (k + 3) * kAttentionRows));
    }
    for (; k < stop; ++k) largest = max(largest, load(scores + k * kAttentionRows));
    largest = max(max(largest, other), max(third, fourth));
  }
  for (int64_t k = 0; k < begin; ++k) store(scores + k * kAttentionRows, zeros());
  Vec sum = zeros();
  for (int64_t k = begin; k < stop; ++k) {
    const Vec weight = exp(load(scores + k * kAttentionRows) - largest);
    store(scores + k * kAttentionRows, weight);
    sum = sum + weight;
  }
  for (int64_t k = stop; k < keys; ++k) store(scores + k * kAttentionRows, zeros());
  const Vec rescale = exp(before - largest);
  store(panels.largest + row, largest);
  store(panels.rescale + row, rescale);
  store(panels.sum + row, fma(load(panels.sum + row), rescale, sum));
}

// output[row] = rescale[row] · output[row] + Σ weight · value, each six rows over the keys that they see.
inline void addValues(const ForwardPanels& panels, const Visibility& seen, int64_t key, int64_t keys) {
  const Product p{panels.scores, kAttentionRows, panels.values, panels.width, panels.output, panels.width, panels.rescale};
  for (int64_t m = 0; m < seen.rows; m += kTileRows) {
    const int64_t count = least(kTileRows, seen.rows - m);
    int64_t from, to;
    seen.span(m, m + count, &from, &to);
    const int64_t begin = most(0, least(keys, from - key)), stop = most(begin, least(keys, to - key));
    multiplyRows<DotFloats, Layout::RowsOfK>(p, m, count, 0, panels.width, begin, stop);
  }
}

inline void writeRows(const AttentionCall& call, const AttentionForwardUnit& unit, const Segment& segment, const ForwardPanels& panels) {
  const FloatRows parts{unit.partial, false};
  for (int64_t r = 0; r < unit.rows; ++r) {
    const float* output = panels.output + r * panels.width;
    if (unit.partial != nullptr) {
      storeRow(parts, r * (call.headSize + 2), output, call.headSize, 1);
      unit.partial[r * (call.headSize + 2) + call.headSize] = panels.largest[r];
      unit.partial[r * (call.headSize + 2) + call.headSize + 1] = panels.sum[r];
    } else {
      const RowPlace place(call, unit, segment, r);
      storeRow(call.o, place.at(call, segment), output, call.headSize, 1 / panels.sum[r]);
      call.lse[place.head * call.queries + segment.firstQuery + place.query] = panels.largest[r] + logf(panels.sum[r]);
    }
  }
}

// Nothing seen yet. The largest score starts finite: a hidden score of minus infinity then has weight 0, not NaN.
inline void startRows(ForwardPanels& panels, const Visibility& seen) {
  for (int64_t row = 0; row < seen.vecs * Vec::kLanes; ++row) {
    panels.largest[row] = -1e30f;
    panels.sum[row] = 0;
  }
  for (int64_t i = 0; i < seen.rows * panels.width; i += Vec::kLanes) store(panels.output + i, zeros());
}

inline void forwardUnit(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) {
  const Segment segment(call, unit.segment);
  ForwardPanels panels(call, scratch);
  Visibility seen;
  for (int64_t r = 0; r < unit.rows; ++r) {
    const RowPlace place(call, unit, segment, r);
    seen.set(r, segment.firstSeen(place.query), segment.position(place.query) + 1);
    loadRow(panels.raw + r * panels.width, call.q, place.at(call, segment), call.headSize, panels.width, call.scale);
  }
  seen.summarise(unit.rows);
  transposePanel(panels.queries, panels.raw, unit.rows, call.headSize, panels.width);
  startRows(panels, seen);

  int64_t key, keyEnd;
  seen.span(0, unit.rows, &key, &keyEnd);
  key = most(key, unit.key);
  keyEnd = least(keyEnd, unit.keyEnd);
  for (; key < keyEnd; key += kAttentionKeys) {
    const int64_t keys = least(kAttentionKeys, keyEnd - key);
    for (int64_t k = 0; k < keys; ++k) {
      const int64_t at = ((segment.firstKey + key + k) * call.keyHeads + unit.keyHead) * call.headSize;
      loadRow(panels.keys + k * panels.width, call.k, at, call.headSize, panels.width, 1);
      loadRow(panels.values + k * panels.width, call.v, at, call.headSize, panels.width, 1);
    }
    const Product scores{panels.keys, panels.width, panels.queries, kAttentionRows, panels.scores, kAttentionRows, nullptr};
    scoreBlock<DotFloats>(seen, scores, key, keys, call.headSize);
    for (int64_t v = 0; v < seen.vecs; ++v) softmaxVector(panels, seen, v, key, keys, call.softcap);
    addValues(panels, seen, key, keys);
  }
  writeRows(call, unit, segment, panels);
}

}  // namespace
}  // namespace lathe
