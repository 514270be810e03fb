// bf16 panels for products of pairs (vdpbf16ps): an element of a panel is a word of two bf16 that are neighbours along the summed dimension.
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

inline __m256i toBf16(Vec a) { return reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(a.v)); }

}  // namespace
}  // namespace lathe
