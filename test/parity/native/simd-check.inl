// The vector type that was included before this against its scalar twin and the C library. No templates of the standard library: the
// including file has instructions that others may not run.
#include <math.h>
#include <stdio.h>

#include "require.h"

namespace lathe {
namespace {

bool sameFloat(float a, float b) { return (a != a && b != b) || memcmp(&a, &b, sizeof a) == 0; }

// Every two-byte pattern, loaded whole and in part.
template <class T>
void checkLoads(const char* name) {
  bool whole = true, part = true;
  for (uint32_t from = 0; from < 65536; from += Vec::kLanes) {
    T source[Vec::kLanes];
    float loaded[Vec::kLanes], partly[Vec::kLanes];
    for (int i = 0; i < Vec::kLanes; ++i) source[i].bits = uint16_t(from + uint32_t(i));
    store(loaded, load(source));
    const int count = int(from / Vec::kLanes) % (Vec::kLanes + 1);
    store(partly, loadPartial(source, count));
    for (int i = 0; i < Vec::kLanes; ++i) {
      whole = whole && sameFloat(loaded[i], toFloat(source[i]));
      part = part && sameFloat(partly[i], i < count ? toFloat(source[i]) : 0.0f);
    }
  }
  requireNamed(whole, "load", name);
  requireNamed(part, "partial load", name);
}

// Around every boundary of rounding to bf16.
void checkStores(const char* name) {
  bool whole = true, part = true;
  for (uint32_t high = 0; high < 65536; ++high) {
    const uint32_t lows[] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
    float values[Vec::kLanes];
    for (int i = 0; i < Vec::kLanes; ++i) {
      const uint32_t bits = high << 16 | lows[i % 6];
      memcpy(values + i, &bits, sizeof bits);
    }
    Bf16 stored[Vec::kLanes], partly[Vec::kLanes] = {}, expected;
    const int count = int(high) % (Vec::kLanes + 1);
    store(stored, load(values));
    storePartial(partly, load(values), count);
    for (int i = 0; i < Vec::kLanes; ++i) {
      fromFloat(&expected, values[i]);
      whole = whole && stored[i].bits == expected.bits;
      part = part && partly[i].bits == (i < count ? expected.bits : 0);
    }
  }
  requireNamed(whole, "store of bf16", name);
  requireNamed(part, "partial store of bf16", name);
}

// Relative error over [-20, 20], wherever the value is a normal number.
template <class Vector, class Exact>
void checkFunction(const char* isa, const char* name, double ulps, Vector vector, Exact exact) {
  double worst = 0;
  for (int from = -20 * 4096; from < 20 * 4096; from += Vec::kLanes) {
    float values[Vec::kLanes], results[Vec::kLanes];
    for (int i = 0; i < Vec::kLanes; ++i) values[i] = float(from + i) / 4096 + 0.00001f;
    store(results, vector(load(values)));
    for (int i = 0; i < Vec::kLanes; ++i) {
      const double right = exact(double(values[i]));
      if (fabs(right) > 1.2e-38) worst = fmax(worst, fabs(double(results[i]) - right) / fabs(right));
    }
  }
  char text[80];
  snprintf(text, sizeof text, "%s, off by %.2f ulp", name, worst * 8388608);
  requireNamed(worst * 8388608 <= ulps, text, isa);
}

// Bounds as math.inl states them.
void checkSimd(const char* isa) {
  checkLoads<Bf16>(isa);
  checkLoads<Half>(isa);
  checkStores(isa);
  checkFunction(isa, "exp", 2, [](Vec x) { return exp(x); }, [](double x) { return ::exp(x); });
  checkFunction(isa, "tanh", 2, [](Vec x) { return tanh(x); }, [](double x) { return ::tanh(x); });
  checkFunction(isa, "sigmoid", 3, [](Vec x) { return sigmoid(x); }, [](double x) { return 1 / (1 + ::exp(-x)); });
  checkFunction(isa, "erf", 8, [](Vec x) { return erf(x); }, [](double x) { return ::erf(x); });
}

}  // namespace
}  // namespace lathe
