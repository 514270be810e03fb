// Rows of q, k, v, dO between memory (f32 or bf16, strided by heads) and f32 panels in scratch.
namespace lathe {
namespace {

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t roundUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

// One segment: where its rows lie and which keys a query sees. Positions count from the segment's first key.
struct Segment {
  int64_t firstQuery, queries, firstKey, keys, window;

  Segment(const AttentionCall& call, int64_t s)
      : firstQuery(call.queryOffsets[s]),
        queries(call.queryOffsets[s + 1] - firstQuery),
        firstKey(call.keyOffsets[s]),
        keys(call.keyOffsets[s + 1] - firstKey),
        window(call.window == 0 ? keys : call.window) {}

  int64_t position(int64_t query) const { return query + keys - queries; }
  int64_t firstSeen(int64_t query) const { return most(0, position(query) - window + 1); }
};

template <class T>
inline void copyRow(float* to, const T* from, int64_t count, int64_t padded, Vec scale) {
  constexpr int kLanes = Vec::kLanes;
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, load(from + i) * scale);
  if (i < count) {
    store(to + i, loadPartial(from + i, int(count - i)) * scale);
    i += kLanes;
  }
  for (; i < padded; i += kLanes) store(to + i, zeros());
}

// panel[padded] = scale · rows[index … index + count], zero behind.
inline void loadRow(float* panel, const FloatRows& rows, int64_t index, int64_t count, int64_t padded, float scale) {
  if (rows.bf16) {
    copyRow(panel, static_cast<const Bf16*>(rows.data) + index, count, padded, broadcast(scale));
  } else {
    copyRow(panel, static_cast<const float*>(rows.data) + index, count, padded, broadcast(scale));
  }
}

template <class T>
inline void storeScaled(T* to, const float* panel, int64_t count, Vec scale) {
  constexpr int kLanes = Vec::kLanes;
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, load(panel + i) * scale);
  if (i < count) storePartial(to + i, load(panel + i) * scale, int(count - i));
}

// rows[index … index + count] = scale · panel
inline void storeRow(const FloatRows& rows, int64_t index, const float* panel, int64_t count, float scale) {
  if (rows.bf16) {
    storeScaled(static_cast<Bf16*>(rows.data) + index, panel, count, broadcast(scale));
  } else {
    storeScaled(static_cast<float*>(rows.data) + index, panel, count, broadcast(scale));
  }
}

// Which keys [first, end) each row of a unit sees, by row and summarised by vector of rows.
struct Visibility {
  static constexpr int64_t kVecs = kAttentionRows / Vec::kLanes;
  float first[kAttentionRows], end[kAttentionRows];
  int64_t rowFirst[kAttentionRows], rowEnd[kAttentionRows];
  int64_t vecFirst[kVecs], vecEnd[kVecs];          // seen by some row of the vector
  int64_t innerFirst[kVecs], innerEnd[kVecs];      // seen by all rows of the vector
  int64_t rows, vecs;

  void set(int64_t row, int64_t from, int64_t to) {
    rowFirst[row] = from;
    rowEnd[row] = to;
    first[row] = float(from);
    end[row] = float(to);
  }

  // After all rows are set.
  void summarise(int64_t count) {
    rows = count;
    vecs = (count + Vec::kLanes - 1) / Vec::kLanes;
    for (int64_t row = count; row < vecs * Vec::kLanes; ++row) first[row] = end[row] = 0;
    for (int64_t v = 0; v < vecs; ++v) {
      const int64_t begin = v * Vec::kLanes, stop = least(count, begin + Vec::kLanes);
      span(begin, stop, &vecFirst[v], &vecEnd[v]);
      innerFirst[v] = 0;
      innerEnd[v] = stop - begin < Vec::kLanes ? 0 : rowEnd[begin];
      for (int64_t row = begin; row < stop; ++row) {
        innerFirst[v] = most(innerFirst[v], rowFirst[row]);
        innerEnd[v] = least(innerEnd[v], rowEnd[row]);
      }
    }
  }

  // Keys that some row of [begin, stop) sees.
  void span(int64_t begin, int64_t stop, int64_t* from, int64_t* to) const {
    *from = rowFirst[begin];
    *to = rowEnd[begin];
    for (int64_t row = begin + 1; row < stop; ++row) {
      *from = least(*from, rowFirst[row]);
      *to = most(*to, rowEnd[row]);
    }
  }

  // Vectors of which some row sees some key of [key, keyEnd): a contiguous range, nothing in between left out.
  void vectorsSeeing(int64_t key, int64_t keyEnd, int64_t* begin, int64_t* stop) const {
    *begin = 0;
    *stop = vecs;
    while (*begin < *stop && (vecEnd[*begin] <= key || vecFirst[*begin] >= keyEnd)) ++*begin;
    while (*begin < *stop && (vecEnd[*stop - 1] <= key || vecFirst[*stop - 1] >= keyEnd)) --*stop;
  }
};

// scores[key][row] = Σ_d k[key][d] · q[d][row] for the keys [key, key + keys) of the segment; vectors of rows that see none of six keys are left out.
template <class Dot>
inline void scoreBlock(const Visibility& seen, const Product& p, int64_t key, int64_t keys, int64_t depth) {
  for (int64_t m = 0; m < keys; m += kTileRows) {
    const int64_t count = least(kTileRows, keys - m);
    int64_t begin, stop;
    seen.vectorsSeeing(key + m, key + m + count, &begin, &stop);
    if (begin < stop) multiplyRows<Dot, Layout::RowsOfM>(p, m, count, begin * Vec::kLanes, stop * Vec::kLanes, 0, depth);
  }
}

}  // namespace
}  // namespace lathe
