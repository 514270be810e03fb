// Quantised blocks to registers of 16 floats with AVX-512: decode(block, emit) calls emit(i, values of elements 16i … 16i + 15) in order.
// Included after kernels/simd/avx512.h. Four-bit numbers are looked up in a register that holds their 16 possible values in the block;
// the lookup reads only the low four bits of its index, so nothing needs masking.
#include "kernels/dequant/blocks.h"

namespace lathe {
namespace {

// Converted small and spread afterwards: a 512-bit conversion costs several times as much.
inline Vec wide(Half x) { return {_mm512_broadcastss_ps(_mm_cvtph_ps(_mm_cvtsi32_si128(x.bits)))}; }
inline __m512i words(const uint8_t* p) { return _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))); }
inline Vec lookUp(Vec table, __m512i index) { return {_mm512_permutexvar_ps(index, table.v)}; }
// The same where the mask is 0; `high` holds the values of 16 … 31.
inline Vec lookUp(Vec low, Vec high, __mmask16 fifth, __m512i index) {
  return {_mm512_mask_permutexvar_ps(_mm512_permutexvar_ps(index, low.v), fifth, index, high.v)};
}
inline __m512i highNibble(__m512i bytes) { return _mm512_srli_epi32(bytes, 4); }
inline Vec signedBytes(__m128i bytes) { return {_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes))}; }

template <class Emit>
inline void decode(const BlockQ8_0& b, Emit emit) {
  const Vec d = wide(b.d);
  emit(0, signedBytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b.q))) * d);
  emit(1, signedBytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b.q + 16))) * d);
}

template <class Emit>
inline void decode(const BlockQ4_0& b, Emit emit) {
  const Vec table = (lanes() - broadcast(8)) * wide(b.d);
  const __m512i q = words(b.q);
  emit(0, lookUp(table, q));
  emit(1, lookUp(table, highNibble(q)));
}

template <class Emit>
inline void decode(const BlockQ4_1& b, Emit emit) {
  const Vec table = lanes() * wide(b.d) + wide(b.m);
  const __m512i q = words(b.q);
  emit(0, lookUp(table, q));
  emit(1, lookUp(table, highNibble(q)));
}

template <class Emit>
inline void decodeFive(const uint8_t* q, const uint8_t* fifths, Vec low, Vec high, Emit emit) {
  uint32_t fifth;
  memcpy(&fifth, fifths, sizeof fifth);
  const __m512i bytes = words(q);
  emit(0, lookUp(low, high, __mmask16(fifth), bytes));
  emit(1, lookUp(low, high, __mmask16(fifth >> 16), highNibble(bytes)));
}

template <class Emit>
inline void decode(const BlockQ5_0& b, Emit emit) {
  const Vec d = wide(b.d);
  decodeFive(b.q, b.high, (lanes() - broadcast(16)) * d, lanes() * d, emit);
}

template <class Emit>
inline void decode(const BlockQ5_1& b, Emit emit) {
  const Vec d = wide(b.d), m = wide(b.m);
  decodeFive(b.q, b.high, lanes() * d + m, (lanes() + broadcast(16)) * d + m, emit);
}

// Scales and minima of the eight groups of a Q4_K or Q5_K block.
struct Groups {
  alignas(64) float d[16], m[16];
};

inline void readGroups(const uint8_t* scales, Half d, Half dmin, Groups* groups) {
  uint32_t word[3];
  memcpy(word, scales, sizeof word);
  // Four bytes at a time: scales 0–3, 4–7, minima 0–3, 4–7 (blocks.h says where the bits are).
  const uint32_t six = 0x3f3f3f3f, four = 0x0f0f0f0f, two = 0x03030303;
  const __m128i bytes = _mm_setr_epi32(int(word[0] & six), int((word[2] & four) | (word[0] >> 6 & two) << 4), int(word[1] & six),
                                       int((word[2] >> 4 & four) | (word[1] >> 6 & two) << 4));
  const __m512 values = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
  const __m512 both = _mm512_mask_blend_ps(0xff00, wide(d).v, wide(dmin).v);
  _mm512_store_ps(groups->d, _mm512_mul_ps(values, both));
  _mm256_store_ps(groups->m, _mm256_load_ps(groups->d + 8));
}

template <class Emit>
inline void decode(const BlockQ4_K& b, Emit emit) {
  Groups groups;
  readGroups(b.scales, b.d, b.dmin, &groups);
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    const Vec even = broadcast(groups.d[2 * pair]) * lanes() - broadcast(groups.m[2 * pair]);
    const Vec odd = broadcast(groups.d[2 * pair + 1]) * lanes() - broadcast(groups.m[2 * pair + 1]);
    const __m512i first = words(b.q + pair * 32), second = words(b.q + pair * 32 + 16);
    emit(4 * pair, lookUp(even, first));
    emit(4 * pair + 1, lookUp(even, second));
    emit(4 * pair + 2, lookUp(odd, highNibble(first)));
    emit(4 * pair + 3, lookUp(odd, highNibble(second)));
  }
}

template <class Emit>
inline void decode(const BlockQ5_K& b, Emit emit) {
  Groups groups;
  readGroups(b.scales, b.d, b.dmin, &groups);
  const __m128i high[2] = {_mm_loadu_si128(reinterpret_cast<const __m128i*>(b.high)), _mm_loadu_si128(reinterpret_cast<const __m128i*>(b.high + 16))};
  const Vec upper = lanes() + broadcast(16);
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    const __m512i q[2] = {words(b.q + pair * 32), words(b.q + pair * 32 + 16)};
#pragma GCC unroll 2
    for (int side = 0; side < 2; ++side) {
      const int group = 2 * pair + side;
      const Vec d = broadcast(groups.d[group]), m = broadcast(groups.m[group]), low = d * lanes() - m, top = d * upper - m;
      const __m128i bit = _mm_set1_epi8(char(1 << group));
#pragma GCC unroll 2
      for (int half = 0; half < 2; ++half)
        emit(4 * pair + 2 * side + half, lookUp(low, top, _mm_test_epi8_mask(high[half], bit), side == 0 ? q[half] : highNibble(q[half])));
    }
  }
}

template <class Emit>
inline void decode(const BlockQ6_K& b, Emit emit) {
  alignas(64) float scales[16];
  _mm512_store_ps(scales, (wide(b.d) * signedBytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b.scales)))).v);
  const __m128i nibble = _mm_set1_epi8(15), offset = _mm_set1_epi8(32);
#pragma GCC unroll 2
  for (int half = 0; half < 2; ++half) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {  // four runs of 32, two registers each
      const int run = i / 2, part = i % 2 * 16;
      const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b.low + half * 64 + run % 2 * 32 + part));
      const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b.high + half * 32 + part));
      const __m128i four = _mm_and_si128(run < 2 ? low : _mm_srli_epi16(low, 4), nibble);
      const __m128i two = _mm_and_si128(run == 3 ? _mm_srli_epi16(high, 2) : run == 2 ? high : run == 1 ? _mm_slli_epi16(high, 2) : _mm_slli_epi16(high, 4), _mm_set1_epi8(0x30));
      emit(half * 8 + i, broadcast(scales[half * 8 + i]) * signedBytes(_mm_sub_epi8(_mm_or_si128(four, two), offset)));
    }
  }
}

}  // namespace
}  // namespace lathe
