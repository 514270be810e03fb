// Quantised blocks to registers of 8 floats with AVX2: decode(block, emit) calls emit(i, values of elements 8i … 8i + 7) in order.
// Included after kernels/simd/avx2.h.
#include "kernels/dequant/blocks.h"

namespace lathe {
namespace {

inline Vec wide(Half x) { return {_mm256_cvtph_ps(_mm_set1_epi16(short(x.bits)))}; }
inline __m128i bytes16(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
inline __m128i lowNibbles(__m128i x) { return _mm_and_si128(x, _mm_set1_epi8(15)); }
inline __m128i highNibbles(__m128i x) { return _mm_and_si128(_mm_srli_epi16(x, 4), _mm_set1_epi8(15)); }

// Signed bytes 0–7 or 8–15 as floats.
inline Vec firstHalf(__m128i q) { return {_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(q))}; }
inline Vec secondHalf(__m128i q) { return firstHalf(_mm_unpackhi_epi64(q, q)); }

// q · d, q · d + m, d · q - m: 16 elements from register `at`.
template <class Emit>
inline void emitScaled(int at, __m128i q, Vec d, Emit emit) {
  emit(at, firstHalf(q) * d);
  emit(at + 1, secondHalf(q) * d);
}
template <class Emit>
inline void emitPlus(int at, __m128i q, Vec d, Vec m, Emit emit) {
  emit(at, firstHalf(q) * d + m);
  emit(at + 1, secondHalf(q) * d + m);
}

template <class Emit>
inline void decode(const BlockQ8_0& b, Emit emit) {
  const Vec d = wide(b.d);
  emitScaled(0, bytes16(b.q), d, emit);
  emitScaled(2, bytes16(b.q + 16), d, emit);
}

template <class Emit>
inline void decode(const BlockQ4_0& b, Emit emit) {
  const Vec d = wide(b.d);
  const __m128i q = bytes16(b.q), offset = _mm_set1_epi8(8);
  emitScaled(0, _mm_sub_epi8(lowNibbles(q), offset), d, emit);
  emitScaled(2, _mm_sub_epi8(highNibbles(q), offset), d, emit);
}

template <class Emit>
inline void decode(const BlockQ4_1& b, Emit emit) {
  const Vec d = wide(b.d), m = wide(b.m);
  const __m128i q = bytes16(b.q);
  emitPlus(0, lowNibbles(q), d, m, emit);
  emitPlus(2, highNibbles(q), d, m, emit);
}

// Bits 0–15 of `bits` as bytes 0 or 16.
inline __m128i fifths(uint32_t bits) {
  const __m128i spread = _mm_shuffle_epi8(_mm_cvtsi32_si128(int(bits)), _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
  const __m128i bit = _mm_set1_epi64x(int64_t(0x8040201008040201ULL));
  return _mm_and_si128(_mm_cmpeq_epi8(_mm_and_si128(spread, bit), bit), _mm_set1_epi8(16));
}

inline void fiveBits(const uint8_t* q, const uint8_t* high, __m128i* first, __m128i* second) {
  uint32_t bits;
  memcpy(&bits, high, sizeof bits);
  const __m128i bytes = bytes16(q);
  *first = _mm_or_si128(lowNibbles(bytes), fifths(bits));
  *second = _mm_or_si128(highNibbles(bytes), fifths(bits >> 16));
}

template <class Emit>
inline void decode(const BlockQ5_0& b, Emit emit) {
  const Vec d = wide(b.d);
  __m128i first, second;
  fiveBits(b.q, b.high, &first, &second);
  const __m128i offset = _mm_set1_epi8(16);
  emitScaled(0, _mm_sub_epi8(first, offset), d, emit);
  emitScaled(2, _mm_sub_epi8(second, offset), d, emit);
}

template <class Emit>
inline void decode(const BlockQ5_1& b, Emit emit) {
  const Vec d = wide(b.d), m = wide(b.m);
  __m128i first, second;
  fiveBits(b.q, b.high, &first, &second);
  emitPlus(0, first, d, m, emit);
  emitPlus(2, second, d, m, emit);
}

// 32 elements of group `g` of Q4_K or Q5_K: d · q - m.
template <class Emit>
inline void emitGroup(int g, const uint8_t* scales, Vec d, Vec dmin, __m128i first, __m128i second, Emit emit) {
  const ScaleAndMin s = scaleAndMin(scales, g);
  const Vec scale = d * broadcast(float(s.scale)), minimum = dmin * broadcast(float(s.min));
  emit(4 * g, scale * firstHalf(first) - minimum);
  emit(4 * g + 1, scale * secondHalf(first) - minimum);
  emit(4 * g + 2, scale * firstHalf(second) - minimum);
  emit(4 * g + 3, scale * secondHalf(second) - minimum);
}

template <class Emit>
inline void decode(const BlockQ4_K& b, Emit emit) {
  const Vec d = wide(b.d), dmin = wide(b.dmin);
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    const __m128i first = bytes16(b.q + pair * 32), second = bytes16(b.q + pair * 32 + 16);
    emitGroup(2 * pair, b.scales, d, dmin, lowNibbles(first), lowNibbles(second), emit);
    emitGroup(2 * pair + 1, b.scales, d, dmin, highNibbles(first), highNibbles(second), emit);
  }
}

template <class Emit>
inline void decode(const BlockQ5_K& b, Emit emit) {
  const Vec d = wide(b.d), dmin = wide(b.dmin);
  const __m128i high[2] = {bytes16(b.high), bytes16(b.high + 16)};
  const auto withFifth = [&](int g, int half, __m128i nibbles) {
    const __m128i bit = _mm_set1_epi8(char(1 << g));
    return _mm_or_si128(nibbles, _mm_and_si128(_mm_cmpeq_epi8(_mm_and_si128(high[half], bit), bit), _mm_set1_epi8(16)));
  };
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    const __m128i first = bytes16(b.q + pair * 32), second = bytes16(b.q + pair * 32 + 16);
    const int g = 2 * pair;
    emitGroup(g, b.scales, d, dmin, withFifth(g, 0, lowNibbles(first)), withFifth(g, 1, lowNibbles(second)), emit);
    emitGroup(g + 1, b.scales, d, dmin, withFifth(g + 1, 0, highNibbles(first)), withFifth(g + 1, 1, highNibbles(second)), emit);
  }
}

template <class Emit>
inline void decode(const BlockQ6_K& b, Emit emit) {
  const Vec d = wide(b.d);
  const __m128i two = _mm_set1_epi8(0x30), offset = _mm_set1_epi8(32);
#pragma GCC unroll 2
  for (int half = 0; half < 2; ++half) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {  // four runs of 32, each in two parts of 16
      const int run = i / 2, part = i % 2 * 16;
      const __m128i low = bytes16(b.low + half * 64 + run % 2 * 32 + part), high = bytes16(b.high + half * 32 + part);
      const __m128i top = run == 3 ? _mm_srli_epi16(high, 2) : run == 2 ? high : run == 1 ? _mm_slli_epi16(high, 2) : _mm_slli_epi16(high, 4);
      const __m128i q = _mm_or_si128(run < 2 ? lowNibbles(low) : highNibbles(low), _mm_and_si128(top, two));
      emitScaled(2 * (half * 8 + i), _mm_sub_epi8(q, offset), d * broadcast(float(b.scales[half * 8 + i])), emit);
    }
  }
}

}  // namespace
}  // namespace lathe
