// forward.inl with bf16 products: q, k, v as they are, weights rounded to bf16, sums and softmax in f32.
namespace lathe {
namespace {

// As softmaxVector, on unscaled scores; the weights of two keys become one word.
inline void softmaxPairs(ForwardPanels& panels, float* weights, const Visibility& seen, int64_t v, int64_t key, int64_t keys, const AttentionCall& call) {
  const int64_t row = v * Vec::kLanes, begin = most(0, least(keys, seen.vecFirst[v] - key)), stop = most(begin, least(keys, seen.vecEnd[v] - key));
  const Vec first = load(seen.first + row), end = load(seen.end + row), before = load(panels.largest + row);
  const Vec scale = broadcast(call.scale), cap = broadcast(call.softcap), inverse = broadcast(call.softcap == 0 ? 0 : call.scale / call.softcap);
  const Vec hidden = broadcast(-INFINITY);
  float* scores = panels.scores + row;
  const bool edge = seen.innerFirst[v] > key + begin || seen.innerEnd[v] < key + stop;
  const bool asTheyAre = !edge && call.softcap == 0;
  Vec largest = before, other = before;
  if (asTheyAre) {
    int64_t k = begin;
    for (; k + 2 <= stop; k += 2) {
      largest = max(largest, load(scores + k * kAttentionRows) * scale);
      other = max(other, load(scores + (k + 1) * kAttentionRows) * scale);
    }
    if (k < stop) largest = max(largest, load(scores + k * kAttentionRows) * scale);
    largest = max(largest, other);
  } else {
    for (int64_t k = begin; k < stop; ++k) {
      Vec score = load(scores + k * kAttentionRows);
      score = call.softcap == 0 ? score * scale : cap * tanh(score * inverse);
      const Vec at = broadcast(float(key + k));
      if (edge) score = select((first <= at) & (at < end), score, hidden);
      store(scores + k * kAttentionRows, score);
      largest = max(largest, score);
    }
  }
  const Vec toPower = broadcast(asTheyAre ? call.scale * kLog2E : kLog2E), fromLargest = largest * broadcast(-kLog2E);
  Vec sum = zeros();
  const auto weightOf = [&](int64_t k) {
    if (k < begin || k >= stop) return zeros();
    const Vec weight = powerOf2(fma(load(scores + k * kAttentionRows), toPower, fromLargest));
    sum = sum + weight;
    return weight;
  };
  for (int64_t k = 0; k < keys; k += 2) {
    const Vec even = weightOf(k);
    store(weights + k / 2 * kAttentionRows + row, zip(toBf16(even, weightOf(k + 1))));
  }
  const Vec rescale = exp(before - largest);
  store(panels.largest + row, largest);
  store(panels.rescale + row, rescale);
  store(panels.sum + row, fma(load(panels.sum + row), rescale, sum));
}

inline void rescaleRows(const ForwardPanels& panels, int64_t rows) {
  for (int64_t r = 0; r < rows; ++r) {
    if (panels.rescale[r] == 1) continue;
    const Vec factor = broadcast(panels.rescale[r]);
    float* output = panels.output + r * panels.width;
    for (int64_t i = 0; i < panels.width; i += Vec::kLanes) store(output + i, load(output + i) * factor);
  }
}

inline void addValuePairs(const ForwardPanels& panels, const float* weights, const Visibility& seen, int64_t key, int64_t keys) {
  Product p{weights, kAttentionRows, panels.values, panels.width, panels.output, panels.width, panels.rescale};
  alignas(64) float turned[kTiles ? kAttentionRows * kTurned : 1];
  if (kTiles) {
    for (int64_t v = 0; v < seen.vecs; ++v) turnPairs(turned, weights, v * Vec::kLanes, (keys + 1) / 2);
    rescaleRows(panels, seen.rows);
    p.rowScale = kKeep;
  }
  addOverKeys(seen, p, turned, key, keys);
}

inline void forwardPairs(const AttentionCall& call, const AttentionForwardUnit& unit, float* scratch) {
  const Segment segment(call, unit.segment);
  ForwardPanels panels(call, scratch);
  // Pairs along the head: panels half as wide as those of forward.inl.
  const int64_t depth = pairsOfHead(call);
  alignas(64) float weights[kAttentionKeys / 2 * kAttentionRows];
  Visibility seen;
  for (int64_t r = 0; r < unit.rows; ++r) {
    const RowPlace place(call, unit, segment, r);
    seen.set(r, segment.firstSeen(place.query), segment.position(place.query) + 1);
    copyPairs(panels.raw + r * depth, call.q, place.at(call, segment), call.headSize, depth);
  }
  seen.summarise(unit.rows);
  transposePanel(panels.queries, panels.raw, unit.rows, depth, depth);
  startRows(panels, seen);

  int64_t key, keyEnd;
  seen.span(0, unit.rows, &key, &keyEnd);
  key = most(key, unit.key);
  keyEnd = least(keyEnd, unit.keyEnd);
  for (; key < keyEnd; key += kAttentionKeys) {
    const int64_t keys = least(kAttentionKeys, keyEnd - key);
    const int64_t at = ((segment.firstKey + key) * call.keyHeads + unit.keyHead) * call.headSize, step = call.keyHeads * call.headSize;
    for (int64_t k = 0; k < keys; ++k) copyPairs(panels.keys + k * depth, call.k, at + k * step, call.headSize, depth);
    for (int64_t k = 0; k < keys; k += 2)
      zipRows(panels.values + k / 2 * panels.width, call.v, at + k * step, k + 1 < keys ? at + (k + 1) * step : -1, call.headSize, panels.width);
    padRows(panels.values, (keys + 1) / 2, panels.width);
    const Product scores{panels.keys, depth, panels.queries, kAttentionRows, panels.scores, kAttentionRows, nullptr};
    scorePairs(seen, scores, key, keys, depth);
    for (int64_t v = 0; v < seen.vecs; ++v) softmaxPairs(panels, weights, seen, v, key, keys, call);
    addValuePairs(panels, weights, seen, key, keys);
  }
  writeRows(call, unit, segment, panels);
}

}  // namespace
}  // namespace lathe
