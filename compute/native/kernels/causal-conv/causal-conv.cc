// The table of convolutions, and how segments are cut into runs of rows: by shape alone.
#include "kernels/causal-conv/causal-conv.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/kernel-table.h"
#include "core/threads.h"
#include "kernels/elementwise/chunks.h"

namespace lathe {
namespace {

int64_t tapFloats(const ConvCall& call) { return (call.width * call.columns + 15) / 16 * 16; }
int64_t slopeFloats(const ConvCall& call) { return ((kConvRunRows + call.width - 1) * call.columns + 15) / 16 * 16; }
int64_t sumFloats(const ConvCall& call) { return (call.width + 1) * call.columns; }
bool wantsWeights(const ConvCall& call) { return call.dw != nullptr || call.db != nullptr; }
// More than any offsets can make of so many rows.
int64_t mostRuns(const ConvCall& call) { return call.rows / kConvRunRows + call.segments; }

std::vector<ConvRun> runsOf(const ConvCall& call) {
  std::vector<ConvRun> runs;
  for (int64_t s = 0; s < call.segments; ++s) {
    const int64_t first = call.offsets[s], end = call.offsets[s + 1];
    for (int64_t row = first; row < end; row += kConvRunRows) runs.push_back({row, std::min(end, row + kConvRunRows), first, end});
  }
  return runs;
}

const float* turnWeights(const ConvCall& call, float* taps) {
  for (int64_t c = 0; c < call.columns; ++c)
    for (int64_t k = 0; k < call.width; ++k) taps[k * call.columns + c] = call.weight[c * call.width + k];
  return taps;
}

// What no segment covers is zero, not whatever was there.
void clearOutside(const ConvCall& call, const FloatArray& rows) {
  const auto clear = [&](int64_t begin, int64_t end) {
    if (begin < end) std::memset(static_cast<unsigned char*>(rows.data) + bytesOf(rows.type, begin * call.columns), 0, static_cast<size_t>(bytesOf(rows.type, (end - begin) * call.columns)));
  };
  clear(0, call.offsets[0]);
  clear(call.offsets[call.segments], call.rows);
}

void addSums(const ConvCall& call, const float* sums, int64_t runs) {
  forChunks(call.columns, [&](int64_t, int64_t begin, int64_t end) {
    for (int64_t run = 0; run < runs; ++run) {
      const float* part = sums + run * sumFloats(call);
      for (int64_t c = begin; c < end; ++c) {
        for (int64_t k = 0; call.dw != nullptr && k < call.width; ++k) call.dw[c * call.width + k] += part[k * call.columns + c];
        if (call.db != nullptr) call.db[c] += part[call.width * call.columns + c];
      }
    }
  });
}

}  // namespace

const KernelTable<ConvRow>& convTable() {
  static const KernelTable<ConvRow>* table = new KernelTable<ConvRow>("causal_conv", {
#include "kernels/causal-conv/kernels.inc"
                                                                                     });
  return *table;
}

int64_t convForwardScratchBytes(const ConvCall& call) { return 4 * tapFloats(call); }
int64_t convBackwardScratchBytes(const ConvCall& call) {
  return 4 * (tapFloats(call) + threads() * slopeFloats(call) + (wantsWeights(call) ? mostRuns(call) * sumFloats(call) : 0));
}

void convForward(const ConvCall& call, void* scratch) {
  const ConvKernel& kernel = convTable().function()();
  const float* taps = turnWeights(call, static_cast<float*>(scratch));
  clearOutside(call, call.y);
  const std::vector<ConvRun> runs = runsOf(call);
  parallelFor(static_cast<int64_t>(runs.size()), [&](int64_t i, int) { kernel.forward(call, runs[static_cast<size_t>(i)], taps); });
}

void convBackward(const ConvCall& call, void* scratch) {
  const ConvKernel& kernel = convTable().function()();
  float* slopes = static_cast<float*>(scratch) + tapFloats(call);
  float* sums = wantsWeights(call) ? slopes + threads() * slopeFloats(call) : nullptr;
  const float* taps = turnWeights(call, static_cast<float*>(scratch));
  clearOutside(call, call.dx);
  const std::vector<ConvRun> runs = runsOf(call);
  const int64_t count = static_cast<int64_t>(runs.size());
  parallelFor(count, [&](int64_t i, int worker) {
    kernel.backward(call, runs[static_cast<size_t>(i)], taps, slopes + worker * slopeFloats(call), sums == nullptr ? nullptr : sums + i * sumFloats(call));
  });
  if (sums != nullptr) addSums(call, sums, count);
}

}  // namespace lathe
