// backward.inl with bf16 products: q, k, v, dO as they are, P and dS rounded to bf16, all sums in f32.
namespace lathe {
namespace {

struct PairPanels {
  float *keys, *values, *keysZipped, *dKeys, *dValues;            // keys, values: pairs along the head; zipped: pairs of keys
  float *queries, *douts, *queriesAcross, *doutsAcross, *dQueries;  // queries, douts: pairs of rows; across: [pairs along the head, rows]
  float *raw, *scores, *slopes;                                   // scores and their gradients in f32, [keys, rows]
  Bf16 *weights, *slopeRows;                                      // P and dS as [keys, rows]
  float *slopePairs, *slopesTurned;                               // dS as [pairs of keys, rows], and for tiles turned
  float lse[kAttentionRows], mean[kAttentionRows];
  int64_t width, depth;  // headSize in whole vectors; pairs along the head

  PairPanels(const AttentionCall& call, int64_t unitKeys, float* scratch) : width(roundUp(call.headSize, Vec::kLanes)), depth(pairsOfHead(call)) {
    // Tiles are loaded and added to whole: rows behind the last key are there.
    unitKeys = roundUp(unitKeys, kAttentionKeys);
    const int64_t block = kAttentionRows / 2 * width, across = kAttentionRows * depth, square = kAttentionKeys * kAttentionRows / 2;
    const auto take = [&](int64_t floats) { return scratch += floats, scratch - floats; };
    keys = take(unitKeys * depth);
    values = take(unitKeys * depth);
    keysZipped = take(unitKeys / 2 * width);
    dKeys = take(unitKeys * width);
    dValues = take(unitKeys * width);
    queries = take(block);
    douts = take(block);
    queriesAcross = take(across);
    doutsAcross = take(across);
    dQueries = take(2 * block);
    raw = dQueries;  // read before dQueries is cleared
    scores = take(2 * square);
    slopes = take(2 * square);
    weights = words(take(square));
    slopeRows = words(take(square));
    slopePairs = take(square);
    slopesTurned = take(kTiles ? square : 0);
  }
};

// Keys [key, key + count) of the segment, key - first even, into the panels.
inline void loadKeyPairs(const AttentionCall& call, const Segment& segment, const PairPanels& panels, int64_t keyHead, int64_t key, int64_t count) {
  const int64_t at = ((segment.firstKey + key) * call.keyHeads + keyHead) * call.headSize, step = call.keyHeads * call.headSize;
  for (int64_t k = 0; k < count; ++k) {
    copyPairs(panels.keys + k * panels.depth, call.k, at + k * step, call.headSize, panels.depth);
    copyPairs(panels.values + k * panels.depth, call.v, at + k * step, call.headSize, panels.depth);
  }
  for (int64_t k = 0; k < count; k += 2)
    zipRows(panels.keysZipped + k / 2 * panels.width, call.k, at + k * step, k + 1 < count ? at + (k + 1) * step : -1, call.headSize, panels.width);
  padRows(panels.keysZipped, (count + 1) / 2, panels.width);
}

inline float rowDotPairs(const AttentionCall& call, int64_t at) {
  const Bf16* dout = static_cast<const Bf16*>(call.dout.data) + at;
  Vec total = zeros();
  for (int64_t i = 0; i < call.headSize; i += Vec::kLanes) {
    const int lanesLeft = int(least(Vec::kLanes, call.headSize - i));
    const Vec o = call.o.bf16 ? loadPartial(static_cast<const Bf16*>(call.o.data) + at + i, lanesLeft) : loadPartial(static_cast<const float*>(call.o.data) + at + i, lanesLeft);
    total = fma(loadPartial(dout + i, lanesLeft), o, total);
  }
  return sum(total);
}

inline void loadQueryPairs(const AttentionCall& call, const Segment& segment, PairPanels& panels, Visibility& seen, int64_t head, int64_t query, int64_t rows) {
  const int64_t first = ((segment.firstQuery + query) * call.heads + head) * call.headSize, step = call.heads * call.headSize;
  const auto load = [&](const FloatRows& from, float* zipped, float* across) {
    for (int64_t r = 0; r < rows; ++r) copyPairs(panels.raw + r * panels.depth, from, first + r * step, call.headSize, panels.depth);
    transposePanel(across, panels.raw, rows, panels.depth, panels.depth);
    for (int64_t r = 0; r < rows; r += 2)
      zipRows(zipped + r / 2 * panels.width, from, first + r * step, r + 1 < rows ? first + (r + 1) * step : -1, call.headSize, panels.width);
    padRows(zipped, (rows + 1) / 2, panels.width);
  };
  load(call.q, panels.queries, panels.queriesAcross);
  load(call.dout, panels.douts, panels.doutsAcross);
  for (int64_t r = 0; r < rows; ++r) {
    panels.mean[r] = rowDotPairs(call, first + r * step);
    panels.lse[r] = call.lse[head * call.queries + segment.firstQuery + query + r];
    seen.set(r, segment.firstSeen(query + r), segment.position(query + r) + 1);
  }
  seen.summarise(rows);
  for (int64_t r = rows; r < seen.vecs * Vec::kLanes; ++r) panels.lse[r] = panels.mean[r] = 0;
}

struct WeightAndSlope {
  Vec weight, slope;
};

// P and dS of one vector of rows, as [keys, rows] and dS also as pairs of keys; 0 where a row sees no key.
inline void weightPairs(const PairPanels& panels, const Visibility& seen, int64_t v, int64_t key, int64_t keys, const AttentionCall& call) {
  const int64_t row = v * Vec::kLanes, begin = most(0, least(keys, seen.vecFirst[v] - key)), stop = most(begin, least(keys, seen.vecEnd[v] - key));
  const Vec first = load(seen.first + row), end = load(seen.end + row), fromLse = load(panels.lse + row) * broadcast(-kLog2E), mean = load(panels.mean + row);
  const Vec toPower = broadcast(call.softcap == 0 ? call.scale * kLog2E : kLog2E), cap = broadcast(call.softcap), inverse = broadcast(call.softcap == 0 ? 0 : call.scale / call.softcap);
  const bool edge = seen.innerFirst[v] > key + begin || seen.innerEnd[v] < key + stop;
  const auto at = [&](int64_t k) {
    if (k < begin || k >= stop) return WeightAndSlope{zeros(), zeros()};
    Vec score = load(panels.scores + k * kAttentionRows + row), bend = broadcast(1);
    if (call.softcap != 0) {
      const Vec bent = tanh(score * inverse);
      score = cap * bent;
      bend = fnma(bent, bent, bend);
    }
    Vec weight = powerOf2(fma(score, toPower, fromLse));
    const Vec position = broadcast(float(key + k));
    if (edge) weight = select((first <= position) & (position < end), weight, zeros());
    const Vec slope = weight * (load(panels.slopes + k * kAttentionRows + row) - mean);
    return WeightAndSlope{weight, call.softcap == 0 ? slope : slope * bend};
  };
  const auto put = [&](Bf16* panel, int64_t k, __m512i both) {
    panel += k * kAttentionRows + row;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(panel), _mm512_castsi512_si256(both));
    if (k + 1 < keys) _mm256_storeu_si256(reinterpret_cast<__m256i*>(panel + kAttentionRows), _mm512_extracti64x4_epi64(both, 1));
  };
  for (int64_t k = 0; k < keys; k += 2) {
    const WeightAndSlope even = at(k), odd = at(k + 1);
    const __m512i slopes = toBf16(even.slope, odd.slope);
    put(panels.weights, k, toBf16(even.weight, odd.weight));
    put(panels.slopeRows, k, slopes);
    store(panels.slopePairs + k / 2 * kAttentionRows + row, zip(slopes));
  }
}

// Tiles sum over 32 rows at a time: an odd last vector of rows has a zero neighbour.
inline void padWeights(const PairPanels& panels, const Visibility& seen, int64_t keys) {
  if (!kTiles || seen.vecs % 2 == 0) return;
  for (int64_t k = 0; k < keys; ++k) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(panels.weights + k * kAttentionRows + seen.vecs * Vec::kLanes), _mm256_setzero_si256());
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(panels.slopeRows + k * kAttentionRows + seen.vecs * Vec::kLanes), _mm256_setzero_si256());
  }
}

// dValues += Pᵀ dO and dKeys += dSᵀ Q for the keys of one block, each few keys over the rows that see them.
inline void addPairsToKeys(PairPanels& panels, const Visibility& seen, int64_t slot, int64_t key, int64_t keys) {
  constexpr int64_t kStep = kTiles ? 16 : kTileRows;
  const int64_t width = panels.width, stride = kAttentionRows / 2;
  const Product toValues{reinterpret_cast<float*>(panels.weights), stride, panels.douts, width, panels.dValues + slot * width, width, kKeep};
  const Product toKeys{reinterpret_cast<float*>(panels.slopeRows), stride, panels.queries, width, panels.dKeys + slot * width, width, kKeep};
  padWeights(panels, seen, keys);
  for (int64_t m = 0; m < keys; m += kStep) {
    const int64_t count = least(kStep, keys - m);
    int64_t begin = 0, stop = seen.rows;
    while (begin < stop && seen.rowEnd[begin] <= key + m) ++begin;
    while (begin < stop && seen.rowFirst[stop - 1] >= key + m + count) --stop;
    if (begin == stop) continue;
    begin = begin / 2 / kDepthStep * kDepthStep;
    stop = roundUp((stop + 1) / 2, kDepthStep);
    if constexpr (kTiles) {
      multiplyTiles(toValues, m, 0, width, begin, stop);
      multiplyTiles(toKeys, m, 0, width, begin, stop);
    } else {
      multiplyRows<DotPairs, Layout::RowsOfM>(toValues, m, count, 0, width, begin, stop);
      multiplyRows<DotPairs, Layout::RowsOfM>(toKeys, m, count, 0, width, begin, stop);
    }
  }
}

// dQueries += dS K
inline void addPairsToQueries(const PairPanels& panels, const Visibility& seen, int64_t slot, int64_t key, int64_t keys) {
  const int64_t width = panels.width;
  for (int64_t v = 0; kTiles && v < seen.vecs; ++v) turnPairs(panels.slopesTurned, panels.slopePairs, v * Vec::kLanes, (keys + 1) / 2);
  addOverKeys(seen, {panels.slopePairs, kAttentionRows, panels.keysZipped + slot / 2 * width, width, panels.dQueries, width, kKeep}, panels.slopesTurned, key, keys);
}

inline void visitKeyPairs(const AttentionCall& call, const AttentionBackwardUnit& unit, const Segment& segment, PairPanels& panels, const Visibility& seen) {
  const int64_t keyHead = unit.head / (call.heads / call.keyHeads), depth = panels.depth;
  int64_t from, to;
  seen.span(0, seen.rows, &from, &to);
  const int64_t skipped = most(0, from - unit.key) / kAttentionKeys * kAttentionKeys;
  for (int64_t key = unit.key + skipped; key < least(unit.keyEnd, to); key += kAttentionKeys) {
    const int64_t keys = least(kAttentionKeys, unit.keyEnd - key), slot = unit.wantKeys ? key - unit.key : 0;
    if (!unit.wantKeys) loadKeyPairs(call, segment, panels, keyHead, key, keys);
    scorePairs(seen, {panels.keys + slot * depth, depth, panels.queriesAcross, kAttentionRows, panels.scores, kAttentionRows, nullptr}, key, keys, depth);
    scorePairs(seen, {panels.values + slot * depth, depth, panels.doutsAcross, kAttentionRows, panels.slopes, kAttentionRows, nullptr}, key, keys, depth);
    for (int64_t v = 0; v < seen.vecs; ++v) weightPairs(panels, seen, v, key, keys, call);
    if (unit.wantKeys) addPairsToKeys(panels, seen, slot, key, keys);
    if (unit.wantQueries) addPairsToQueries(panels, seen, slot, key, keys);
  }
}

inline void backwardPairs(const AttentionCall& call, const AttentionBackwardUnit& unit, float* scratch) {
  const Segment segment(call, unit.segment);
  const int64_t unitKeys = unit.wantKeys ? unit.keyEnd - unit.key : kAttentionKeys, keyHead = unit.head / (call.heads / call.keyHeads);
  PairPanels panels(call, unitKeys, scratch);
  if (unit.wantKeys) {
    loadKeyPairs(call, segment, panels, keyHead, unit.key, unitKeys);
    clearPanel(panels.dKeys, unitKeys * panels.width);
    clearPanel(panels.dValues, unitKeys * panels.width);
  }
  for (int64_t head = unit.head; head < unit.headEnd; ++head) {
    for (int64_t query = unit.query; query < unit.queryEnd; query += kAttentionRows) {
      const int64_t rows = least(kAttentionRows, unit.queryEnd - query);
      if (segment.position(query + rows - 1) < unit.key || segment.firstSeen(query) >= unit.keyEnd) continue;
      Visibility seen;
      loadQueryPairs(call, segment, panels, seen, head, query, rows);
      if (unit.wantQueries) clearPanel(panels.dQueries, rows * panels.width);
      visitKeyPairs(call, unit, segment, panels, seen);
      for (int64_t r = 0; unit.wantQueries && r < rows; ++r) {
        const int64_t at = ((segment.firstQuery + query + r) * call.heads + head) * call.headSize;
        storeRow(call.dq, at, panels.dQueries + r * panels.width, call.headSize, call.scale);
      }
    }
  }
  for (int64_t k = 0; unit.wantKeys && k < unitKeys; ++k) {
    const int64_t at = ((segment.firstKey + unit.key + k) * call.keyHeads + keyHead) * call.headSize;
    // Queries went in unscaled.
    storeRow(call.dk, at, panels.dKeys + k * panels.width, call.headSize, call.scale);
    storeRow(call.dv, at, panels.dValues + k * panels.width, call.headSize, 1);
  }
}

}  // namespace
}  // namespace lathe
