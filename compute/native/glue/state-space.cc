// stateSpaceForward, stateSpaceBackward: checks of shapes and of the segments' offsets, and scratch.
#include "kernels/state-space/state-space.h"

#include "core/kernel-table.h"
#include "glue/args.h"
#include "glue/scratch.h"
#include "glue/segments.h"

namespace lathe {
namespace {

FloatArray floatRows(const Call& call, const Tensor& tensor, const char* name, int64_t rows, int64_t columns) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  call.requireShape(tensor, name, {rows, columns});
  return {tensor.data, tensor.dtype};
}

// An f32 tensor of `elements` elements named by a field of the record at `options`, or nullptr for 0.
float* floatsOption(const Call& call, size_t options, const char* name, int64_t elements) {
  if (call.option(options, name, 0) == 0) return nullptr;
  const Tensor& tensor = call.tensorOption(options, name);
  call.requireType(tensor, name, {DType::F32});
  call.require(tensor.elements() == elements, std::string(name) + " has " + std::to_string(tensor.elements()) + " elements, expected " + std::to_string(elements));
  return tensor.as<float>();
}

// What both directions are told in the record at `options`.
StateSpaceCall scanOf(const Call& call, size_t options, const Tensor& xbc, const Tensor& raw) {
  StateSpaceCall c{};
  c.heads = static_cast<int64_t>(call.option(options, "heads"));
  c.headSize = static_cast<int64_t>(call.option(options, "headSize"));
  c.groups = static_cast<int64_t>(call.option(options, "groups"));
  c.stateSize = static_cast<int64_t>(call.option(options, "stateSize"));
  call.require(c.heads > 0 && c.headSize > 0 && c.stateSize > 0, "heads, headSize or stateSize is not positive");
  call.require(c.groups > 0 && c.heads % c.groups == 0, "heads is no multiple of groups");
  c.leastDelta = static_cast<float>(call.option(options, "leastDelta"));
  c.mostDelta = static_cast<float>(call.option(options, "mostDelta"));
  c.rows = xbc.rows();
  c.xbc = floatRows(call, xbc, "xbc", c.rows, c.columns());
  c.raw = floatRows(call, raw, "dt", c.rows, c.heads);
  c.bias = floatsOption(call, options, "dtBias", c.heads);
  c.aLog = floatsOption(call, options, "aLog", c.heads);
  c.d = floatsOption(call, options, "d", c.heads);
  call.require(c.bias != nullptr && c.aLog != nullptr && c.d != nullptr, "dtBias, aLog or d is missing");
  const Segments segments = segmentsOf(call, call.tensorOption(options, "segments"), c.rows);
  c.offsets = segments.offsets;
  c.segments = segments.count;
  c.states = floatsOption(call, options, "states", stateSpaceChunks(c.rows, c.segments) * c.heads * c.headSize * c.stateSize);
  return c;
}

// Two states' products a token and head, and half a chunk's pairs.
double flopsOf(const StateSpaceCall& c) {
  return static_cast<double>(c.rows * c.heads * c.headSize) * static_cast<double>(4 * c.stateSize + kStateChunk);
}

// stateSpaceForward(y, xbc, dt, {…, states, initial, final})
Napi::Value forward(const Call& call) {
  const Tensor &y = call.tensor(0, "y"), &xbc = call.tensor(1, "xbc"), &raw = call.tensor(2, "dt");
  StateSpaceCall c = scanOf(call, 3, xbc, raw);
  const int64_t state = c.segments * c.heads * c.stateSize * c.headSize;
  c.y = floatRows(call, y, "y", c.rows, c.heads * c.headSize);
  c.initial = floatsOption(call, 3, "initial", state);
  c.final = floatsOption(call, 3, "final", state);
  call.require(y.data != xbc.data && (c.final == nullptr || c.final != c.initial), "an output is also an input");
  Zone zone("state_space_forward", flopsOf(c), static_cast<double>(xbc.bytes() + raw.bytes() + y.bytes()));
  const ScratchBlock scratch(stateSpaceForwardScratchBytes(c));
  if (!zone.skip()) stateSpaceForward(c, scratch.data());
  return call.env().Undefined();
}

// stateSpaceBackward(dxbc, ddt, dy, xbc, {…, dt, states, dDtBias, dALog, dD}); the last three may be 0.
Napi::Value backward(const Call& call) {
  const Tensor &dxbc = call.tensor(0, "dxbc"), &draw = call.tensor(1, "ddt"), &dy = call.tensor(2, "dy"), &xbc = call.tensor(3, "xbc");
  StateSpaceCall c = scanOf(call, 4, xbc, call.tensorOption(4, "dt"));
  c.dy = floatRows(call, dy, "dy", c.rows, c.heads * c.headSize);
  c.dxbc = floatRows(call, dxbc, "dxbc", c.rows, c.columns());
  c.draw = floatRows(call, draw, "ddt", c.rows, c.heads);
  c.dBias = floatsOption(call, 4, "dDtBias", c.heads);
  c.dALog = floatsOption(call, 4, "dALog", c.heads);
  c.dD = floatsOption(call, 4, "dD", c.heads);
  call.require(c.states != nullptr, "states is missing");
  call.require(dxbc.data != xbc.data && draw.data != c.raw.data, "a gradient is also an input");
  Zone zone("state_space_backward", 2 * flopsOf(c), static_cast<double>(2 * xbc.bytes() + 2 * draw.bytes() + dy.bytes()));
  const ScratchBlock scratch(stateSpaceBackwardScratchBytes(c));
  if (!zone.skip()) stateSpaceBackward(c, scratch.data());
  return call.env().Undefined();
}

}  // namespace

void exportStateSpace(Napi::Env env, Napi::Object exports) {
  stateSpaceTable();
  exportFunction(env, exports, "stateSpaceForward", forward);
  exportFunction(env, exports, "stateSpaceBackward", backward);
}

}  // namespace lathe
