// bf16 panels for products of pairs: an element of a panel is a word of two bf16 that are neighbours along the summed dimension.
// A file that includes this says with kTiles who multiplies: registers (vdpbf16ps, product.inl) or AMX tiles (tiles.inl, or no-tiles.inl before).
// Tiles take 16 words of depth at a time, so panels are zero up to there, and want P and dS by rows instead of by pairs of keys.
namespace lathe {
namespace {

struct DotPairs {
  static Vec add(Vec a, Vec b, Vec sum) {
    return {_mm512_dpbf16_ps(sum.v, reinterpret_cast<__m512bh>(a.v), reinterpret_cast<__m512bh>(b.v))};
  }
};

// Words as float storage: they are only moved and multiplied by DotPairs.
inline Bf16* words(float* panel) { return reinterpret_cast<Bf16*>(panel); }

// panel[0 … 2 · width) = rows[index … index + count], zero behind: pairs along the row.
inline void copyPairs(float* panel, const FloatRows& rows, int64_t index, int64_t count, int64_t width) {
  const Bf16* from = static_cast<const Bf16*>(rows.data) + index;
  Bf16* to = words(panel);
  for (int64_t i = 0; i < 2 * width; i += 32) {
    const int64_t left = count - i, room = 2 * width - i;
    const __mmask32 take = left >= 32 ? 0xffffffffu : left <= 0 ? 0 : (1u << left) - 1, put = room >= 32 ? 0xffffffffu : (1u << room) - 1;
    _mm512_mask_storeu_epi16(to + i, put, _mm512_maskz_loadu_epi16(take, from + i));
  }
}

// word = (low, high) in every lane, each given as 16 bf16.
inline Vec zip(__m256i low, __m256i high) {
  const __m512i bits = _mm512_or_si512(_mm512_cvtepu16_epi32(low), _mm512_slli_epi32(_mm512_cvtepu16_epi32(high), 16));
  return {_mm512_castsi512_ps(bits)};
}

// panel[column] = (rows[even + column], rows[odd + column]), pairs of two rows; odd < 0: zero.
inline void zipRows(float* panel, const FloatRows& rows, int64_t even, int64_t odd, int64_t count, int64_t padded) {
  const Bf16* from = static_cast<const Bf16*>(rows.data);
  for (int64_t i = 0; i < padded; i += Vec::kLanes) {
    const __mmask16 take = firstLanes(int(most(0, least(Vec::kLanes, count - i)))).m;
    const __m256i low = _mm256_maskz_loadu_epi16(take, from + even + i);
    store(panel + i, zip(low, odd < 0 ? _mm256_setzero_si256() : _mm256_maskz_loadu_epi16(take, from + odd + i)));
  }
}

constexpr int64_t kDepthStep = kTiles ? 16 : 1;
// Words of a row of P or dS, as tiles take it.
constexpr int64_t kTurned = kAttentionKeys / 2;

inline int64_t pairsOfHead(const AttentionCall& call) { return roundUp((call.headSize + 1) / 2, kDepthStep); }

// Zero rows of `width` words behind the first `count`, up to a whole step.
inline void padRows(float* panel, int64_t count, int64_t width) {
  for (int64_t i = count * width; i < roundUp(count, kDepthStep) * width; i += Vec::kLanes) store(panel + i, zeros());
}

// turned[row · kTurned + pair] = pairs[pair · kAttentionRows + row] for one vector of rows; zero from `count` pairs on.
inline void turnPairs(float* turned, const float* pairs, int64_t row, int64_t count) {
  for (int64_t pair = 0; pair < kTurned; pair += 16) {
    Vec square[16];
    for (int64_t i = 0; i < 16; ++i) square[i] = pair + i < count ? load(pairs + (pair + i) * kAttentionRows + row) : zeros();
    transposeSquare(square);
    for (int64_t i = 0; i < 16; ++i) store(turned + (row + i) * kTurned + pair, square[i]);
  }
}

// 32 bf16: those of low, then those of high.
inline __m512i toBf16(Vec low, Vec high) { return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high.v, low.v)); }

// word = (low, high) in every lane, of what toBf16 made.
inline Vec zip(__m512i both) {
  const __m512i order = _mm512_setr_epi32(0x00100000, 0x00110001, 0x00120002, 0x00130003, 0x00140004, 0x00150005, 0x00160006, 0x00170007,
                                          0x00180008, 0x00190009, 0x001a000a, 0x001b000b, 0x001c000c, 0x001d000d, 0x001e000e, 0x001f000f);
  return {_mm512_castsi512_ps(_mm512_permutexvar_epi16(order, both))};
}

constexpr float kLog2E = 1.44269504088896341f;

// 2^x within 2e-7 of it, 0 below 2^-149; nothing is asked of it above 2^127. Two thirds of the instructions of kernels/simd/math.inl's exp, which
// were a sixth of the forward pass. The polynomial is the best of its degree for 2^r, 0 <= r < 1.
inline Vec powerOf2(Vec x) {
  x = max(broadcast(-150.0f), x);
  const Vec r = {_mm512_reduce_ps(x.v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC)};  // x - floor(x)
  Vec p = broadcast(1.8775766948e-3f);
  p = fma(p, r, broadcast(8.9893406257e-3f));
  p = fma(p, r, broadcast(5.5826317519e-2f));
  p = fma(p, r, broadcast(2.4015361071e-1f));
  p = fma(p, r, broadcast(6.9315308332e-1f));
  p = fma(p, r, broadcast(9.9999994040e-1f));
  return scaleByPowerOf2(p, x);  // takes floor(x)
}

// scores[key][row] as scoreBlock makes them.
inline void scorePairs(const Visibility& seen, const Product& p, int64_t key, int64_t keys, int64_t depth) {
  if constexpr (kTiles) {
    for (int64_t m = 0; m < keys; m += 16) {
      int64_t begin, stop;
      seen.vectorsSeeing(key + m, key + least(keys, m + 16), &begin, &stop);
      if (begin < stop) multiplyTiles(p, m, begin * Vec::kLanes, stop * Vec::kLanes, 0, depth);
    }
  } else {
    scoreBlock<DotPairs>(seen, p, key, keys, depth);
  }
}

// output[row] (+)= Σ over pairs of keys [key, key + keys) that the row sees: by pairs of keys, or turned for tiles.
inline void addOverKeys(const Visibility& seen, Product p, const float* turned, int64_t key, int64_t keys) {
  constexpr int64_t kStep = kTiles ? 16 : kTileRows;
  if (kTiles) p.a = turned, p.aStride = kTurned;
  for (int64_t m = 0; m < seen.rows; m += kStep) {
    const int64_t count = least(kStep, seen.rows - m);
    int64_t from, to;
    seen.span(m, m + count, &from, &to);
    const int64_t begin = most(0, least(keys, from - key)) / 2, stop = (most(0, least(keys, to - key)) + 1) / 2;
    if constexpr (kTiles) {
      if (begin < stop) multiplyTiles(p, m, 0, p.cStride, begin / kDepthStep * kDepthStep, roundUp(stop, kDepthStep));
    } else if (begin < stop || p.rowScale != kKeep) {
      multiplyRows<DotPairs, Layout::RowsOfK>(p, m, count, 0, p.cStride, begin, most(begin, stop));
    }
  }
}

}  // namespace
}  // namespace lathe
