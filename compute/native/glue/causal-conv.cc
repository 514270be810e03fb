// causalConvForward, causalConvBackward: checks of shapes and of the segments' offsets, and scratch.
#include "kernels/causal-conv/causal-conv.h"

#include "core/kernel-table.h"
#include "glue/args.h"
#include "glue/scratch.h"
#include "glue/segments.h"

namespace lathe {
namespace {

FloatArray rowsLike(const Call& call, const Tensor& tensor, const char* name, const Tensor& like) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  call.requireShape(tensor, name, {like.rows(), like.columns()});
  return {tensor.data, tensor.dtype};
}

float* sumsOf(const Call& call, const Tensor* tensor, const char* name, int64_t elements) {
  if (tensor == nullptr) return nullptr;
  call.requireType(*tensor, name, {DType::F32});
  call.require(tensor->elements() == elements, std::string(name) + " has another size than what it is the gradient of");
  return tensor->as<float>();
}

// What both directions are told: x, and {weight, bias, segments} in the record at `options`.
ConvCall convCall(const Call& call, size_t options, const Tensor& x) {
  ConvCall c{};
  c.x = rowsLike(call, x, "x", x);
  const Tensor& weight = call.tensorOption(options, "weight");
  const Tensor* bias = call.option(options, "bias") == 0 ? nullptr : &call.tensorOption(options, "bias");
  c.rows = x.rows();
  c.columns = x.columns();
  call.requireType(weight, "weight", {DType::F32});
  c.width = c.columns == 0 ? 1 : weight.elements() / c.columns;
  call.require(weight.elements() == c.columns * c.width && c.width > 0 && c.width <= kConvMaxWidth, "weight is no [columns, 1 … 16]");
  if (bias != nullptr) {
    call.requireType(*bias, "bias", {DType::F32});
    call.require(bias->elements() == c.columns, "bias has another length than the rows of x");
    c.bias = bias->as<float>();
  }
  c.weight = weight.as<float>();
  const Segments segments = segmentsOf(call, call.tensorOption(options, "segments"), c.rows);
  c.offsets = segments.offsets;
  c.segments = segments.count;
  return c;
}

// causalConvForward(y, x, {weight, bias, segments})
Napi::Value forward(const Call& call) {
  const Tensor &y = call.tensor(0, "y"), &x = call.tensor(1, "x");
  ConvCall c = convCall(call, 2, x);
  c.y = rowsLike(call, y, "y", x);
  call.require(y.data != x.data, "y is x");
  Zone zone("causal_conv_forward", (2.0 * static_cast<double>(c.width) + 10) * static_cast<double>(x.elements()), static_cast<double>(x.bytes() + y.bytes()));
  const ScratchBlock scratch(convForwardScratchBytes(c));
  if (!zone.skip()) convForward(c, scratch.data());
  return call.env().Undefined();
}

// causalConvBackward(dx, dweight, dbias, dy, {x, weight, bias, segments}); dweight and dbias may be 0.
Napi::Value backward(const Call& call) {
  const Tensor &dx = call.tensor(0, "dx"), &dy = call.tensor(3, "dy"), &x = call.tensorOption(4, "x");
  ConvCall c = convCall(call, 4, x);
  c.dx = rowsLike(call, dx, "dx", x);
  c.dy = rowsLike(call, dy, "dy", x);
  c.dw = sumsOf(call, call.optionalTensor(1, "dweight"), "dweight", c.columns * c.width);
  c.db = sumsOf(call, call.optionalTensor(2, "dbias"), "dbias", c.columns);
  call.require(dx.data != x.data && dx.data != dy.data, "dx is also an input");
  Zone zone("causal_conv_backward", (4.0 * static_cast<double>(c.width) + 15) * static_cast<double>(x.elements()), static_cast<double>(x.bytes() + dy.bytes() + dx.bytes()));
  const ScratchBlock scratch(convBackwardScratchBytes(c));
  if (!zone.skip()) convBackward(c, scratch.data());
  return call.env().Undefined();
}

}  // namespace

void exportCausalConv(Napi::Env env, Napi::Object exports) {
  convTable();
  exportFunction(env, exports, "causalConvForward", forward);
  exportFunction(env, exports, "causalConvBackward", backward);
}

}  // namespace lathe
