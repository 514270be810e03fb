// The table of elementwise kernels, and how elements are cut over the threads.
#include "kernels/elementwise/elementwise.h"

#include <atomic>
#include <vector>

#include "core/kernel-table.h"
#include "kernels/elementwise/chunks.h"

namespace lathe {
namespace {

template <class T>
void fillWith(void* out, T value, int64_t elements) {
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { std::fill(static_cast<T*>(out) + begin, static_cast<T*>(out) + end, value); });
}

}  // namespace

const KernelTable<ElementwiseRow>& elementwiseTable() {
  static const KernelTable<ElementwiseRow>* table = new KernelTable<ElementwiseRow>("elementwise", {
#include "kernels/elementwise/kernels.inc"
                                                                                                   });
  return *table;
}

void addScaled(const AddScaled& args, int64_t elements) {
  const ElementwiseKernel& kernel = elementwiseTable().function()();
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { kernel.addScaled(args, begin, end); });
}

void multiply(const Multiply& args, int64_t elements) {
  const ElementwiseKernel& kernel = elementwiseTable().function()();
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) { kernel.multiply(args, begin, end); });
}

double sumOfSquares(FloatArray x, int64_t elements) {
  const ElementwiseKernel& kernel = elementwiseTable().function()();
  std::vector<double> parts(static_cast<size_t>(chunksOf(elements)));
  forChunks(elements, [&](int64_t index, int64_t begin, int64_t end) { parts[static_cast<size_t>(index)] = kernel.sumOfSquares(x, begin, end); });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

bool allFinite(FloatArray x, int64_t elements) {
  const ElementwiseKernel& kernel = elementwiseTable().function()();
  std::atomic<bool> finite{true};
  forChunks(elements, [&](int64_t, int64_t begin, int64_t end) {
    if (finite.load(std::memory_order_relaxed) && !kernel.allFinite(x, begin, end)) finite.store(false, std::memory_order_relaxed);
  });
  return finite.load();
}

void fill(void* out, DType type, double value, int64_t elements) {
  if (type == DType::I32) return fillWith(out, static_cast<int32_t>(value), elements);
  if (type == DType::F32) return fillWith(out, static_cast<float>(value), elements);
  Bf16 rounded;
  fromFloat(&rounded, static_cast<float>(value));
  fillWith(out, rounded.bits, elements);
}

}  // namespace lathe
