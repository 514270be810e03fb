// The tables of attention, the cut of a call into units by shape, and the join of partial results.
#include "kernels/attention/attention.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/threads.h"
#include "kernels/simd/scalar.h"

namespace lathe {

#define ATTENTION_ROW(name, isa, tolerance, function) void function(const AttentionCall&, const AttentionForwardUnit&, float*);
#include "kernels/attention/kernels-forward.inc"
#undef ATTENTION_ROW
#define ATTENTION_ROW(name, isa, tolerance, function) void function(const AttentionCall&, const AttentionBackwardUnit&, float*);
#include "kernels/attention/kernels-backward.inc"
#undef ATTENTION_ROW

#define ATTENTION_ROW(name, isa, tolerance, function) {#name, isa, tolerance, function},
KernelTable<AttentionForward>& attentionForwardTable() {
  static auto* table = new KernelTable<AttentionForward>("attention_forward", {
#include "kernels/attention/kernels-forward.inc"
                                                                              });
  return *table;
}

KernelTable<AttentionBackward>& attentionBackwardTable() {
  static auto* table = new KernelTable<AttentionBackward>("attention_backward", {
#include "kernels/attention/kernels-backward.inc"
                                                                                });
  return *table;
}
#undef ATTENTION_ROW

namespace {

// Whole steps of the widest row: a tile takes 32 bf16 of a head at a time.
int64_t paddedHeadSize(const AttentionCall& call) { return (call.headSize + 31) / 32 * 32; }
int64_t group(const AttentionCall& call) { return call.heads / call.keyHeads; }

// Panels of one forward unit: Q, S, O and a block of K and V, each padded; room for row statistics.
int64_t forwardFloats(const AttentionCall& call) {
  return 3 * kAttentionRows * paddedHeadSize(call) + 2 * kAttentionKeys * paddedHeadSize(call) + kAttentionRows * kAttentionKeys + 16 * kAttentionRows;
}

int64_t chunkKeys(const AttentionCall& call) { return std::min((call.keys + kAttentionKeys - 1) / kAttentionKeys * kAttentionKeys, kAttentionOneVisit); }

// K, V, dK, dV of a unit's keys; Q, dO both ways, dQ of a block; P and dS, with bf16 products in f32 and in up to four bf16 forms.
int64_t backwardFloats(const AttentionCall& call) {
  const int64_t size = paddedHeadSize(call), keys = std::max(chunkKeys(call), kAttentionKeyChunk);
  return 4 * keys * size + 5 * kAttentionRows * size + 4 * kAttentionRows * kAttentionKeys + 16 * kAttentionRows;
}

// Upper bound from shapes: only calls with fewer queries than keys (generation) cut segments into pieces.
int64_t partialFloats(const AttentionCall& call) {
  if (call.queries == call.keys) return 0;
  return (2 * call.keys / kAttentionPiece + 1) * call.keyHeads * kAttentionRows * (call.headSize + 2);
}

void setZero(const FloatRows& rows, int64_t begin, int64_t end, int64_t columns) {
  const int64_t width = (rows.bf16 ? 2 : 4) * columns;
  if (begin < end) std::memset(static_cast<unsigned char*>(rows.data) + begin * width, 0, static_cast<size_t>((end - begin) * width));
}

// What no segment covers is zero, not whatever was there.
void clearOutside(const FloatRows& rows, const int32_t* offsets, int64_t segments, int64_t total, int64_t columns) {
  setZero(rows, 0, offsets[0], columns);
  setZero(rows, offsets[segments], total, columns);
}

// The pieces of one (segment, key head), in order of their keys.
struct Pieces {
  const AttentionForwardUnit* first;
  int64_t count;
};

void join(const AttentionCall& call, const Pieces& pieces) {
  const AttentionForwardUnit& unit = *pieces.first;
  const int64_t size = call.headSize, width = size + 2, firstQuery = call.queryOffsets[unit.segment];
  const int64_t queries = call.queryOffsets[unit.segment + 1] - firstQuery;
  for (int64_t r = 0; r < unit.rows; ++r) {
    const int64_t query = firstQuery + r % queries, head = unit.keyHead * group(call) + r / queries;
    float largest = -INFINITY, sum = 0;
    for (int64_t i = 0; i < pieces.count; ++i) largest = std::max(largest, pieces.first[i].partial[r * width + size]);
    float weights = 0;
    float output[kAttentionMaxHeadSize] = {};
    for (int64_t i = 0; i < pieces.count; ++i) {
      const float* part = pieces.first[i].partial + r * width;
      weights = std::exp(part[size] - largest);
      sum += weights * part[size + 1];
      for (int64_t d = 0; d < size; ++d) output[d] += weights * part[d];
    }
    const int64_t at = (query * call.heads + head) * size;
    for (int64_t d = 0; d < size; ++d) {
      if (call.o.bf16) {
        fromFloat(static_cast<Bf16*>(call.o.data) + at + d, output[d] / sum);
      } else {
        static_cast<float*>(call.o.data)[at + d] = output[d] / sum;
      }
    }
    call.lse[head * call.queries + query] = largest + std::log(sum);
  }
}

struct ForwardPlan {
  std::vector<AttentionForwardUnit> units;
  std::vector<std::pair<size_t, int64_t>> pieces;  // first unit, count
};

void addSegment(const AttentionCall& call, int64_t segment, ForwardPlan& plan, float*& partial) {
  const int64_t queries = call.queryOffsets[segment + 1] - call.queryOffsets[segment], keys = call.keyOffsets[segment + 1] - call.keyOffsets[segment];
  const int64_t rows = queries * group(call);
  // The first key that the first query sees: with a window, the keys before it need no unit.
  const int64_t begin = call.window == 0 ? 0 : std::max<int64_t>(0, keys - queries - call.window + 1);
  const bool cut = rows <= kAttentionRows && keys - begin > kAttentionPiece && call.queries != call.keys;
  for (int64_t keyHead = 0; keyHead < call.keyHeads; ++keyHead) {
    if (!cut) {
      for (int64_t row = 0; row < rows; row += kAttentionRows)
        plan.units.push_back({segment, keyHead, row, std::min(kAttentionRows, rows - row), 0, keys, nullptr});
      continue;
    }
    plan.pieces.emplace_back(plan.units.size(), (keys - begin + kAttentionPiece - 1) / kAttentionPiece);
    for (int64_t key = begin; key < keys; key += kAttentionPiece) {
      plan.units.push_back({segment, keyHead, 0, rows, key, std::min(keys, key + kAttentionPiece), partial});
      partial += rows * (call.headSize + 2);
    }
  }
}

}  // namespace

int64_t attentionForwardScratchBytes(const AttentionCall& call) {
  return 4 * ((partialFloats(call) + 15) / 16 * 16 + threads() * forwardFloats(call));
}

int64_t attentionBackwardScratchBytes(const AttentionCall& call) { return 4 * threads() * backwardFloats(call); }

void attentionForward(const AttentionCall& call, void* scratch) {
  clearOutside(call.o, call.queryOffsets, call.segments, call.queries, call.heads * call.headSize);
  float* panels = static_cast<float*>(scratch);
  float* partial = panels + threads() * forwardFloats(call);
  ForwardPlan plan;
  for (int64_t s = 0; s < call.segments; ++s)
    if (call.queryOffsets[s + 1] > call.queryOffsets[s]) addSegment(call, s, plan, partial);
  const AttentionForward run = attentionForwardTable().function();
  // From the last unit: a segment's later rows see more keys, and long work is better started first.
  const int64_t count = static_cast<int64_t>(plan.units.size());
  parallelFor(count, [&](int64_t i, int worker) { run(call, plan.units[static_cast<size_t>(count - 1 - i)], panels + worker * forwardFloats(call)); });
  parallelFor(static_cast<int64_t>(plan.pieces.size()), [&](int64_t i, int) {
    const auto& [first, pieces] = plan.pieces[static_cast<size_t>(i)];
    join(call, {&plan.units[first], pieces});
  });
}

void attentionBackward(const AttentionCall& call, void* scratch) {
  const int64_t columns = call.heads * call.headSize, keyColumns = call.keyHeads * call.headSize;
  clearOutside(call.dq, call.queryOffsets, call.segments, call.queries, columns);
  clearOutside(call.dk, call.keyOffsets, call.segments, call.keys, keyColumns);
  clearOutside(call.dv, call.keyOffsets, call.segments, call.keys, keyColumns);
  std::vector<AttentionBackwardUnit> units;
  for (int64_t s = 0; s < call.segments; ++s) {
    const int64_t queries = call.queryOffsets[s + 1] - call.queryOffsets[s], keys = call.keyOffsets[s + 1] - call.keyOffsets[s];
    const bool oneVisit = keys <= kAttentionOneVisit && call.segments * call.keyHeads >= kAttentionUnits;
    const int64_t step = oneVisit ? std::max<int64_t>(keys, 1) : kAttentionKeyChunk;
    for (int64_t head = 0; head < call.heads; head += group(call))
      for (int64_t key = 0; key < keys; key += step) units.push_back({s, head, head + group(call), key, std::min(keys, key + step), 0, queries, true, oneVisit});
    if (oneVisit) continue;
    for (int64_t head = 0; head < call.heads; ++head)
      for (int64_t query = 0; query < queries; query += kAttentionRows)
        units.push_back({s, head, head + 1, 0, keys, query, std::min(queries, query + kAttentionRows), false, true});
  }
  const auto work = [](const AttentionBackwardUnit& unit) { return (unit.headEnd - unit.head) * (unit.keyEnd - unit.key) * (unit.queryEnd - unit.query); };
  std::stable_sort(units.begin(), units.end(), [&](const auto& a, const auto& b) { return work(a) > work(b); });
  const AttentionBackward run = attentionBackwardTable().function();
  float* panels = static_cast<float*>(scratch);
  parallelFor(static_cast<int64_t>(units.size()), [&](int64_t i, int worker) { run(call, units[static_cast<size_t>(i)], panels + worker * backwardFloats(call)); });
}

}  // namespace lathe
