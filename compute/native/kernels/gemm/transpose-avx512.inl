// A 16 × 16 square of 32-bit words in registers, transposed. Included after kernels/simd/avx512.h.
namespace lathe {
namespace {

inline void transposeSquare(Vec* x) {
  __m512d pairs[16];
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {  // 4 × 4 squares inside each 128-bit lane
    const __m512d a = _mm512_castps_pd(_mm512_unpacklo_ps(x[i].v, x[i + 1].v)), b = _mm512_castps_pd(_mm512_unpackhi_ps(x[i].v, x[i + 1].v));
    const __m512d c = _mm512_castps_pd(_mm512_unpacklo_ps(x[i + 2].v, x[i + 3].v)), d = _mm512_castps_pd(_mm512_unpackhi_ps(x[i + 2].v, x[i + 3].v));
    pairs[i] = _mm512_unpacklo_pd(a, c);
    pairs[i + 1] = _mm512_unpackhi_pd(a, c);
    pairs[i + 2] = _mm512_unpacklo_pd(b, d);
    pairs[i + 3] = _mm512_unpackhi_pd(b, d);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {  // the lanes themselves
    const __m512 a = _mm512_castpd_ps(pairs[i]), b = _mm512_castpd_ps(pairs[i + 4]), c = _mm512_castpd_ps(pairs[i + 8]), d = _mm512_castpd_ps(pairs[i + 12]);
    const __m512 ab02 = _mm512_shuffle_f32x4(a, b, 0x88), ab13 = _mm512_shuffle_f32x4(a, b, 0xdd);
    const __m512 cd02 = _mm512_shuffle_f32x4(c, d, 0x88), cd13 = _mm512_shuffle_f32x4(c, d, 0xdd);
    x[i].v = _mm512_shuffle_f32x4(ab02, cd02, 0x88);
    x[i + 8].v = _mm512_shuffle_f32x4(ab02, cd02, 0xdd);
    x[i + 4].v = _mm512_shuffle_f32x4(ab13, cd13, 0x88);
    x[i + 12].v = _mm512_shuffle_f32x4(ab13, cd13, 0xdd);
  }
}

}  // namespace
}  // namespace lathe
