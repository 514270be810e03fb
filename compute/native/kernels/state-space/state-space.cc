// The table of scans, the cut of a call into units by shape, and the sums over units.
#include "kernels/state-space/state-space.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/kernel-table.h"
#include "core/threads.h"

namespace lathe {
namespace {

constexpr int64_t kRowsAnIndex = 64;

int64_t roundUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }
// Widths in whole vectors of the widest row.
int64_t paddedState(const StateSpaceCall& call) { return roundUp(call.stateSize, 16); }
int64_t paddedHead(const StateSpaceCall& call) { return roundUp(call.headSize, 16); }

// A group's heads in up to eight units, as long as these get no more heads than they can share products for.
int64_t headsAUnit(const StateSpaceCall& call) { return std::min(kStateHeads, (call.heads / call.groups + 7) / 8); }
int64_t unitsAGroup(const StateSpaceCall& call) { return (call.heads / call.groups + headsAUnit(call) - 1) / headsAUnit(call); }

// Room of one unit: panels.inl lists what the vector rows keep there; the reference keeps a channel's states and gradients in f64.
int64_t unitFloats(const StateSpaceCall& call) {
  const int64_t n = paddedState(call), p = paddedHead(call), chunk = kStateChunk;
  const int64_t panels = 9 * chunk * n + 3 * chunk * chunk + 5 * chunk * p + (kStateHeads + 1) * n * p + 16 * chunk + n;
  const int64_t reference = 2 * ((3 * chunk + 1) * n + kStateHeads * n * p);
  return roundUp(std::max(panels, reference), 16);
}

int64_t pairColumns(const StateSpaceCall& call) { return 2 * call.groups * call.stateSize; }
int64_t pairFloats(const StateSpaceCall& call) { return call.rows * pairColumns(call); }

// Units in the order of their group's blocks; `block` of unit i is its index modulo unitsAGroup.
std::vector<StateSpaceUnit> unitsOf(const StateSpaceCall& call) {
  std::vector<StateSpaceUnit> units;
  const int64_t heads = call.heads / call.groups, step = headsAUnit(call);
  int64_t chunk = 0;
  for (int64_t s = 0; s < call.segments; ++s) {
    const int64_t first = call.offsets[s], end = call.offsets[s + 1];
    for (int64_t group = 0; group < call.groups; ++group)
      for (int64_t head = 0; head < heads; head += step)
        units.push_back({s, group * heads + head, group * heads + std::min(heads, head + step), first, end, chunk, nullptr, nullptr});
    chunk += (end - first + kStateChunk - 1) / kStateChunk;
  }
  return units;
}

// What no segment covers is zero, not whatever was there.
void clearOutside(const StateSpaceCall& call, const FloatArray& rows, int64_t columns) {
  const auto clear = [&](int64_t begin, int64_t end) {
    const int64_t from = bytesOf(rows.type, begin * columns), to = bytesOf(rows.type, end * columns);
    if (from < to) std::memset(static_cast<unsigned char*>(rows.data) + from, 0, static_cast<size_t>(to - from));
  };
  clear(0, call.offsets[0]);
  clear(call.offsets[call.segments], call.rows);
}

// dB and dC of all units, in the order of their heads.
void addPairs(const StateSpaceCall& call, const float* pairs) {
  const int64_t first = call.offsets[0], end = call.offsets[call.segments], columns = pairColumns(call), blocks = unitsAGroup(call);
  parallelFor((end - first + kRowsAnIndex - 1) / kRowsAnIndex, [&](int64_t index, int) {
    for (int64_t row = first + index * kRowsAnIndex; row < std::min(end, first + (index + 1) * kRowsAnIndex); ++row) {
      const int64_t to = row * call.columns() + call.heads * call.headSize;
      for (int64_t c = 0; c < columns; ++c) {
        float sum = 0;
        for (int64_t block = 0; block < blocks; ++block) sum += pairs[block * pairFloats(call) + row * columns + c];
        set(call.dxbc, to + c, sum);
      }
    }
  });
}

void addHeads(const StateSpaceCall& call, const float* sums) {
  float* const targets[] = {call.dBias, call.dALog, call.dD};
  for (int64_t which = 0; which < 3; ++which)
    for (int64_t s = 0; targets[which] != nullptr && s < call.segments; ++s)
      for (int64_t h = 0; h < call.heads; ++h) targets[which][h] += sums[(3 * s + which) * call.heads + h];
}

}  // namespace

const KernelTable<StateSpaceRow>& stateSpaceTable() {
  static const KernelTable<StateSpaceRow>* table = new KernelTable<StateSpaceRow>("state_space", {
#include "kernels/state-space/kernels.inc"
                                                                                                 });
  return *table;
}

int64_t stateSpaceForwardScratchBytes(const StateSpaceCall& call) { return 4 * threads() * unitFloats(call); }
int64_t stateSpaceBackwardScratchBytes(const StateSpaceCall& call) {
  return 4 * (threads() * unitFloats(call) + unitsAGroup(call) * pairFloats(call) + 3 * call.segments * call.heads);
}

void stateSpaceForward(const StateSpaceCall& call, void* scratch) {
  const StateSpaceKernel& kernel = stateSpaceTable().function()();
  float* panels = static_cast<float*>(scratch);
  clearOutside(call, call.y, call.heads * call.headSize);
  const std::vector<StateSpaceUnit> units = unitsOf(call);
  parallelFor(static_cast<int64_t>(units.size()), [&](int64_t i, int worker) { kernel.forward(call, units[static_cast<size_t>(i)], panels + worker * unitFloats(call)); });
}

void stateSpaceBackward(const StateSpaceCall& call, void* scratch) {
  const StateSpaceKernel& kernel = stateSpaceTable().function()();
  float* panels = static_cast<float*>(scratch);
  float* pairs = panels + threads() * unitFloats(call);
  float* sums = pairs + unitsAGroup(call) * pairFloats(call);
  clearOutside(call, call.dxbc, call.columns());
  clearOutside(call, call.draw, call.heads);
  std::fill(sums, sums + 3 * call.segments * call.heads, 0.0f);
  std::vector<StateSpaceUnit> units = unitsOf(call);
  for (size_t i = 0; i < units.size(); ++i) {
    units[i].pairSums = pairs + static_cast<int64_t>(i) % unitsAGroup(call) * pairFloats(call);
    units[i].headSums = sums + 3 * units[i].segment * call.heads;
  }
  parallelFor(static_cast<int64_t>(units.size()), [&](int64_t i, int worker) {
    const StateSpaceUnit& unit = units[static_cast<size_t>(i)];
    if (unit.firstRow < unit.endRow) kernel.backward(call, unit, panels + worker * unitFloats(call));
  });
  addPairs(call, pairs);
  addHeads(call, sums);
}

}  // namespace lathe
