// Packing into panels of bf16 pairs: [k / 2][width] words of 32 bits, each two neighbours in k of one row of op(A) or column of op(B).
// That is what vdpbf16ps reads on both sides and what AMX reads of B. With AVX512-BF16; included after kernels/simd/avx512.h,
// transpose-avx512.inl and tile-store.inl. f32 is rounded to nearest even; subnormals become 0, as the products would have it anyway.
namespace lathe {
namespace {

// `count` elements from p (any number; 0 beyond 32, nothing behind count is read) as 16 pairs.
inline Vec pairs(const Bf16* p, int count) {
  if (count <= 0) return zeros();
  return {_mm512_castsi512_ps(_mm512_maskz_loadu_epi16(count >= 32 ? ~0u : (1u << count) - 1, p))};
}
inline Vec pairs(const float* p, int count) {
  if (count <= 0) return zeros();
  const Vec low = loadSome(p, count), high = count > 16 ? loadSome(p + 16, count - 16) : zeros();
  return {_mm512_castsi512_ps(reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high.v, low.v)))};
}

// 16 elements as the low halves of 16 words.
inline __m512i halves(const Bf16* p, int count) { return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(firstLanes(count).m, p)); }
inline __m512i halves(const float* p, int count) {
  return _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(firstLanes(count).m, p))));
}

template <int width, int kStep, class T>
void packRowsBf16(void* panel, const void* source, int64_t stride, int count, int k) {
  static_assert(width < 16 || width % 16 == 0, "a row that ends inside a register would be overwritten by its own first part");
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  const int words = (k + kStep - 1) / kStep * kStep / 2;
  for (int column = 0; column < width; column += 16)
    for (int at = 0; at < words; at += 16) {
      Vec square[16];
      for (int i = 0; i < 16; ++i) square[i] = column + i < count ? pairs(from + (column + i) * stride + 2 * at, k - 2 * at) : zeros();
      transposeSquare(square);
      const int rows = words - at < 16 ? words - at : 16;
      for (int i = 0; i < rows; ++i) storePanelRow<width>(to + int64_t(at + i) * width, column, square[i], at + i + 1 == words);
    }
}

template <int width, int kStep, class T>
void packColumnsBf16(void* panel, const void* source, int64_t stride, int count, int k) {
  const auto* from = static_cast<const T*>(source);
  auto* to = static_cast<float*>(panel);
  const int words = (k + kStep - 1) / kStep * kStep / 2;
  for (int at = 0; at < words; ++at, from += 2 * stride, to += width)
    for (int column = 0; column < width; column += 16) {
      const int here = count - column;
      __m512i pair = _mm512_setzero_si512();
      if (here > 0 && 2 * at < k) pair = halves(from + column, here);
      if (here > 0 && 2 * at + 1 < k) pair = _mm512_or_si512(pair, _mm512_slli_epi32(halves(from + stride + column, here), 16));
      storePanelRow<width>(to, column, {_mm512_castsi512_ps(pair)}, at + 1 == words);
    }
}

}  // namespace
}  // namespace lathe
