// Checks of the kernels that memory bounds.
#include "check.h"
#include "kernels/adamw/adamw.h"
#include "kernels/columns/columns.h"
#include "kernels/elementwise/elementwise.h"
#include "kernels/glu/glu.h"
#include "kernels/random/random.h"
#include "kernels/rmsnorm/rmsnorm.h"

using namespace lathe;

namespace {

constexpr DType kTypes[] = {DType::F32, DType::BF16};

std::string shown(DType type, int64_t a, int64_t b) { return std::string(info(type).name) + " [" + std::to_string(a) + ", " + std::to_string(b) + "]"; }

void checkRmsnorm(DType type, int64_t rows, int64_t columns) {
  compareRows("rmsnorm", shown(type, rows, columns), [=] {
    Floats x = Floats::random(type, rows * columns, 1), dy = Floats::random(type, rows * columns, 2), w = Floats::random(DType::F32, columns, 3);
    Floats y(type, rows * columns), inverse(DType::F32, rows), dx = Floats::random(type, rows * columns, 4), dw = Floats::random(DType::F32, columns, 5);
    std::vector<float> partials(static_cast<size_t>(rmsnormPartialBytes(rows, columns)) / sizeof(float));
    rmsnormForward({y.array(), x.array(), w.array(), inverse.f32(), rows, columns, 1e-5f, 1});
    rmsnormBackward({dx.array(), dy.array(), x.array(), w.array(), inverse.f32(), rows, columns, 1, true}, dw.f32(), partials.data());
    return std::vector<Output>{output("y", y), output("inverseRms", inverse), output("dx", dx), output("dw", dw)};
  });
}

void checkGlu(DType type, int64_t n, GluActivation activation) {
  compareRows("glu", shown(type, n, static_cast<int64_t>(activation)), [=] {
    Floats gate = Floats::random(type, n, 1), up = Floats::random(type, n, 2), dy = Floats::random(type, n, 3);
    for (int64_t i = 0; i < n; ++i) set(gate.array(), i, 9 * get(gate.array(), i));
    Floats y(type, n), dgate(type, n), dup(type, n);
    gluForward({y.array(), gate.array(), up.array(), activation}, n);
    gluBackward({dgate.array(), dup.array(), dy.array(), gate.array(), up.array(), activation}, n);
    return std::vector<Output>{output("y", y), output("dgate", dgate), output("dup", dup)};
  });
}

void checkAdamw(int64_t n) {
  compareRows("adamw", std::to_string(n), [=] {
    Floats param = Floats::random(DType::F32, n, 1), grad = Floats::random(DType::F32, n, 2), m = Floats::random(DType::F32, n, 3), v(DType::F32, n);
    for (int64_t i = 0; i < n; ++i) v.f32()[i] = m.f32()[i] * m.f32()[i];
    adamw({param.f32(), grad.f32(), m.f32(), v.f32()}, {0.5f, 0.999f, 0.1f, 0.95f, 0.05f, 0.6f, 1e-8f, 1e-3f}, n);
    return std::vector<Output>{output("param", param), output("m", m), output("v", v)};
  });
}

void checkElementwise(DType type, int64_t n) {
  compareRows("elementwise", shown(type, n, 1), [=] {
    Floats a = Floats::random(DType::F32, n, 1), b = Floats::random(type, n, 2), sum(type, n), product(type, n), scaled(type, n);
    addScaled({sum.array(), a.array(), b.array(), 0.7f, -1.3f}, n);
    addScaled({scaled.array(), a.array(), {nullptr, type}, 0.7f, 0}, n);
    multiply({product.array(), a.array(), b.array()}, n);
    const bool clean = allFinite(sum.array(), n);
    const auto squares = static_cast<float>(sumOfSquares(b.array(), n));
    if (n > 0) set(b.array(), n - 1, __builtin_nanf(""));
    const std::vector<float> measures = {squares, clean ? 1.0f : 0.0f, allFinite(b.array(), n) ? 1.0f : 0.0f};
    return std::vector<Output>{output("addScaled", sum), output("scaled", scaled), output("multiply", product), {"measures", false, measures}};
  });
}

void checkColumns(DType type, int64_t rows, int64_t columns) {
  compareRows("columns", shown(type, rows, columns), [=] {
    Floats x = Floats::random(type, rows * columns, 1), add = Floats::random(DType::F32, rows * columns, 2), scale = Floats::random(DType::F32, columns, 3);
    Floats plain(type, rows * columns), added(DType::F32, rows * columns), sums(DType::F32, columns);
    std::vector<float> partials(static_cast<size_t>(columnDotsPartialBytes(rows, columns)) / sizeof(float));
    scaleColumns({plain.array(), x.array(), {nullptr, DType::F32}, scale.f32(), rows, columns});
    scaleColumns({added.array(), x.array(), add.array(), scale.f32(), rows, columns});
    columnDots({x.array(), add.array(), rows, columns}, sums.f32(), partials.data());
    return std::vector<Output>{output("plain", plain), output("added", added), output("sums", sums)};
  });
}

void checkRandom(DType type, int64_t n) {
  compareRows("random", shown(type, n, 1), [=] {
    Floats x = Floats::random(type, n, 1), dropped(type, n), uniform(type, n);
    const RandomKey key = {0x123456789abcdULL, 0xfedcba987ULL};
    dropout({dropped.array(), x.array(), 429496730u, 1 / 0.9f, key}, n);
    randomUniform({uniform.array(), -0.25f, 1, 0.7499999f, key}, n);
    return std::vector<Output>{output("dropout", dropped), output("uniform", uniform)};
  });
}

}  // namespace

void checkMemoryBound() {
  rmsnormTable(), columnsTable(), gluTable(), adamwTable(), elementwiseTable(), randomTable();
  for (DType type : kTypes) {
    for (int64_t columns : {2, 7, 16, 33, 576}) checkRmsnorm(type, 35, columns), checkColumns(type, 35, columns);
    for (int64_t n : {0, 1, 3, 4, 17, 333, 20011}) {
      checkElementwise(type, n);
      checkRandom(type, n);
      checkAdamw(n);
    }
    for (GluActivation activation : {GluActivation::Silu, GluActivation::GeluTanh, GluActivation::Gelu}) checkGlu(type, 1003, activation);
  }
}
