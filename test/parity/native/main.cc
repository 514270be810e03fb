// Every kernel row of the machine it runs on against the reference row, without Node: for machines that are only emulated, and under sanitizers.
#include <cmath>
#include <cstdio>
#include <cstring>

#include "check.h"
#include "core/kernel-table.h"
#include "core/threads.h"
#include "require.h"

void checkSimdAvx2();
void checkSimdAvx512();
void checkSimdNeon();
void checkMemoryBound();
void checkProductsAndMore();
void checkSelection();
void checkStateSpaces();

namespace {

int checks = 0, failures = 0;

// Within tolerance * (|ref| + largest |ref|) and one rounding of the output's type; to the bit where the tolerance is 0.
bool agrees(const Output& actual, const Output& expected, double tolerance) {
  if (actual.values.empty()) return expected.values.empty();
  if (tolerance == 0) return std::memcmp(actual.values.data(), expected.values.data(), actual.values.size() * sizeof(float)) == 0;
  double largest = 0;
  for (float value : expected.values) largest = std::fmax(largest, std::fabs(double(value)));
  for (size_t i = 0; i < expected.values.size(); ++i) {
    const double right = expected.values[i], unit = actual.isBf16 ? 1.0 / 128 : 1.0 / 8388608;
    const double bound = tolerance * (std::fabs(right) + largest) + std::fabs(right) * unit + 1e-38;
    if (!(std::fabs(double(actual.values[i]) - right) <= bound)) return false;
  }
  return true;
}

}  // namespace

void requireNamed(bool holds, const char* what, const char* where) {
  ++checks;
  if (holds) return;
  ++failures;
  std::printf("FAIL %s: %s\n", where, what);
}

void compareRows(const char* op, const std::string& what, const std::function<std::vector<Output>()>& run) {
  for (lathe::KernelTableBase* table : lathe::kernelTables()) {
    if (std::strcmp(table->op(), op) != 0) continue;
    std::vector<Output> expected;
    for (const lathe::KernelRow& row : table->rows()) {
      if (!lathe::supports(lathe::cpuFeatures(), row)) continue;
      table->force(row.name);
      const std::vector<Output> actual = run();
      if (expected.empty()) expected = actual;
      for (size_t i = 0; i < actual.size(); ++i) requireNamed(agrees(actual[i], expected[i], row.tolerance), (what + ": " + actual[i].name).c_str(), row.name);
    }
    table->choose(lathe::Isa::Amx);
    return;
  }
  requireNamed(false, "no such table", op);
}

int main() {
  lathe::setThreads(2);
  const lathe::CpuFeatures& features = lathe::cpuFeatures();
#ifdef LATHE_X86
  if (lathe::supports(features, lathe::Isa::Avx2)) checkSimdAvx2();
  if (lathe::supports(features, lathe::Isa::Avx512)) checkSimdAvx512();
#else
  if (lathe::supports(features, lathe::Isa::Neon)) checkSimdNeon();
#endif
  for (const std::string& name : lathe::featureNames(features)) std::printf("%s ", name.c_str());
  std::printf("\n");
  checkSelection();
  checkMemoryBound();
  checkProductsAndMore();
  checkStateSpaces();
  lathe::setThreads(1);
  std::printf("%d checks, %d failures\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
