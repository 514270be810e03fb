// Row copies cut over the threads: reading ones by rows, writing ones by columns, so that a row named twice is written in order.
#include "kernels/embedding/embedding.h"

#include <algorithm>
#include <cstring>

#include "core/kernel-table.h"
#include "core/threads.h"
#include "kernels/dequant/dequant.h"
#include "kernels/elementwise/elementwise.h"

namespace lathe {
namespace {

constexpr int64_t kElementsAnIndex = 16384;
// A multiple of every block of a stored type; its floats stay in the first-level cache.
constexpr int64_t kRun = 2048;
constexpr int64_t kStripColumns = 128, kStripBytes = 512;

int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

// body(first, end) over [0, count), `step` at a time.
template <class Body>
void forSteps(int64_t count, int64_t step, const Body& body) {
  parallelFor(divideUp(count, step), [&](int64_t index, int) { body(index * step, std::min(count, (index + 1) * step)); });
}

int64_t rowsAnIndex(int64_t columns) { return std::max<int64_t>(1, kElementsAnIndex / std::max<int64_t>(1, columns)); }

void embedRow(const EmbeddingForward& args, const DequantKernel& dequant, const ElementwiseKernel& elementwise, int64_t row) {
  float values[kRun];
  const int64_t source = int64_t(args.ids[row]) * args.columns, target = row * args.columns;
  for (int64_t at = 0; at < args.columns; at += kRun) {
    const int64_t n = std::min(kRun, args.columns - at);
    dequant.toFloat[static_cast<int>(args.tableType)](static_cast<const char*>(args.table) + bytesOf(args.tableType, source + at), values, n);
    const FloatArray out = {static_cast<char*>(args.out.data) + bytesOf(args.out.type, target + at), args.out.type};
    elementwise.addScaled({out, {values, DType::F32}, {nullptr, DType::F32}, args.scale, 0}, 0, n);
  }
}

}  // namespace

bool rowsAreWithin(const int32_t* rows, int64_t count, int64_t limit) {
  return std::all_of(rows, rows + count, [&](int32_t row) { return row >= 0 && row < limit; });
}

void embeddingForward(const EmbeddingForward& args) {
  const DequantKernel& dequant = dequantTable().function()();
  const ElementwiseKernel& elementwise = elementwiseTable().function()();
  forSteps(args.count, rowsAnIndex(args.columns), [&](int64_t first, int64_t end) {
    for (int64_t row = first; row < end; ++row) embedRow(args, dequant, elementwise, row);
  });
}

void embeddingBackward(const EmbeddingBackward& args) {
  const ElementwiseKernel& elementwise = elementwiseTable().function()();
  forSteps(args.columns, kStripColumns, [&](int64_t first, int64_t end) {
    for (int64_t t = 0; t < args.count; ++t) {
      float* target = args.dtable + int64_t(args.ids[t]) * args.columns + first;
      const FloatArray sum = {target, DType::F32};
      const FloatArray dy = {static_cast<char*>(args.dy.data) + bytesOf(args.dy.type, t * args.columns + first), args.dy.type};
      elementwise.addScaled({sum, sum, dy, 1, args.scale}, 0, end - first);
    }
  });
}

void gatherRows(const CopyRows& args) {
  const auto bytes = static_cast<size_t>(args.rowBytes);
  forSteps(args.count, rowsAnIndex(args.rowBytes / 4), [&](int64_t first, int64_t end) {
    for (int64_t i = first; i < end; ++i) std::memcpy(args.out + i * args.rowBytes, args.x + args.rows[i] * args.rowBytes, bytes);
  });
}

void scatterRows(const CopyRows& args) {
  forSteps(args.rowBytes, kStripBytes, [&](int64_t first, int64_t end) {
    for (int64_t i = 0; i < args.count; ++i)
      std::memcpy(args.out + args.rows[i] * args.rowBytes + first, args.x + i * args.rowBytes + first, static_cast<size_t>(end - first));
  });
}

}  // namespace lathe
