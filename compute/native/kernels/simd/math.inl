// exp, tanh, sigmoid, sine and cosine, erf over Vec; included at the end of each instruction set's header, so it needs no guard of its own.
// Each is within 2 ulp of the exact value if it says nothing else (sigmoid: 3 where above 1e-38, else 0; erf: 8); NaN stays NaN.
namespace lathe {
namespace {

// exp(x) = 2^n · e^r, |r| <= ln2/2. Coefficients: Cephes expf (Moshier). Underflows to 0 and overflows to infinity as expf does.
inline Vec exp(Vec x) {
  x = min(broadcast(89.0f), max(broadcast(-104.0f), x));
  const Vec n = round(x * broadcast(1.44269504088896341f));
  const Vec r = fnma(n, broadcast(-2.12194440e-4f), fnma(n, broadcast(0.693359375f), x));
  Vec p = broadcast(1.9875691500e-4f);
  p = fma(p, r, broadcast(1.3981999507e-3f));
  p = fma(p, r, broadcast(8.3334519073e-3f));
  p = fma(p, r, broadcast(4.1665795894e-2f));
  p = fma(p, r, broadcast(1.6666665459e-1f));
  p = fma(p, r, broadcast(5.0000001201e-1f));
  p = fma(p, r * r, r) + broadcast(1.0f);
  return scaleByPowerOf2(p, n);
}

inline Vec sigmoid(Vec x) { return broadcast(1.0f) / (broadcast(1.0f) + exp(zeros() - x)); }

// Near 0 a polynomial in x² (Cephes tanhf), elsewhere 1 - 2 / (e^2|x| + 1).
inline Vec tanh(Vec x) {
  const Vec magnitude = abs(x), square = x * x;
  Vec p = broadcast(-5.70498872745e-3f);
  p = fma(p, square, broadcast(2.06390887954e-2f));
  p = fma(p, square, broadcast(-5.37397155531e-2f));
  p = fma(p, square, broadcast(1.33314422036e-1f));
  p = fma(p, square, broadcast(-3.33332819422e-1f));
  const Vec small = fma(p * square, x, x);
  const Vec large = broadcast(1.0f) - broadcast(2.0f) / (exp(magnitude + magnitude) + broadcast(1.0f));
  return select(magnitude < broadcast(0.625f), small, copySign(large, x));
}

// sin and cos of |x| up to 10^6 within 2 ulp of the largest of both: x = n · π/2 + r in three parts (Cody and Waite), polynomials of Cephes on |r| <= π/4.
inline void sinCos(Vec x, Vec* sine, Vec* cosine) {
  const Vec n = round(x * broadcast(0.636619772367581343f));
  Vec r = fnma(n, broadcast(1.57079637050628662109375f), x);
  r = fnma(n, broadcast(-4.37113900018624283e-8f), r);
  const Vec square = r * r;
  Vec s = broadcast(-1.9515295891e-4f);
  s = fma(s, square, broadcast(8.3321608736e-3f));
  s = fma(s, square, broadcast(-1.6666654611e-1f));
  s = fma(s * square, r, r);
  Vec c = broadcast(2.443315711809948e-5f);
  c = fma(c, square, broadcast(-1.388731625493765e-3f));
  c = fma(c, square, broadcast(4.166664568298827e-2f));
  c = fma(c, square * square, fnma(square, broadcast(0.5f), broadcast(1.0f)));
  // The quadrant in quarters of a turn: 0, 0.25, 0.5 or 0.75.
  const Vec turns = n * broadcast(0.25f), quarter = turns - round(turns - broadcast(0.375f)), half = broadcast(0.5f);
  const Mask odd = (quarter == broadcast(0.25f)) | (quarter == broadcast(0.75f));
  const Vec sinUp = select(odd, c, s), cosUp = select(odd, s, c);
  *sine = select(quarter >= half, zeros() - sinUp, sinUp);
  *cosine = select((quarter == broadcast(0.25f)) | (quarter == half), zeros() - cosUp, cosUp);
}

// x · P(x²) / Q(x²) on |x| <= 4, where erf is 1 to f32 beyond (the rational function of Eigen's perf).
inline Vec erf(Vec x) {
  x = min(broadcast(4.0f), max(broadcast(-4.0f), x));
  const Vec square = x * x;
  Vec p = broadcast(-2.72614225801306e-10f);
  p = fma(p, square, broadcast(2.77068142495902e-08f));
  p = fma(p, square, broadcast(-2.10102402082508e-06f));
  p = fma(p, square, broadcast(-5.69250639462346e-05f));
  p = fma(p, square, broadcast(-7.34990630326855e-04f));
  p = fma(p, square, broadcast(-2.95459980854025e-03f));
  p = fma(p, square, broadcast(-1.60960333262415e-02f));
  Vec q = broadcast(-1.45660718464996e-05f);
  q = fma(q, square, broadcast(-2.13374055278905e-04f));
  q = fma(q, square, broadcast(-1.68282697438203e-03f));
  q = fma(q, square, broadcast(-7.37332916720468e-03f));
  q = fma(q, square, broadcast(-1.42647390514189e-02f));
  return x * (p / q);
}

}  // namespace
}  // namespace lathe
