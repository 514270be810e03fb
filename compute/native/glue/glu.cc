// gluForward, gluBackward: checks and the names of the activations.
#include "kernels/glu/glu.h"

#include "core/kernel-table.h"
#include "glue/args.h"

namespace lathe {
namespace {

GluActivation activationOf(const Call& call, size_t options) {
  const std::string name = call.textOption(options, "activation", "");
  if (name == "silu") return GluActivation::Silu;
  if (name == "gelu_tanh") return GluActivation::GeluTanh;
  call.require(name == "gelu", "unknown activation " + name);
  return GluActivation::Gelu;
}

FloatArray floatsLike(const Call& call, const Tensor& tensor, const char* name, const Tensor& like) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  call.require(tensor.elements() == like.elements(), std::string(name) + " differs from gate in size");
  return {tensor.data, tensor.dtype};
}

// gluForward(y, gate, up, {activation})
Napi::Value forward(const Call& call) {
  const Tensor &y = call.tensor(0, "y"), &gate = call.tensor(1, "gate"), &up = call.tensor(2, "up");
  const GluForward args = {floatsLike(call, y, "y", gate), floatsLike(call, gate, "gate", gate), floatsLike(call, up, "up", gate), activationOf(call, 3)};
  Zone zone("glu_forward", 12.0 * static_cast<double>(y.elements()), static_cast<double>(y.bytes() + gate.bytes() + up.bytes()));
  if (!zone.skip()) gluForward(args, y.elements());
  return call.env().Undefined();
}

// gluBackward(dgate, dup, dy, gate, {up, activation})
Napi::Value backward(const Call& call) {
  const Tensor &dgate = call.tensor(0, "dgate"), &dup = call.tensor(1, "dup"), &dy = call.tensor(2, "dy"), &gate = call.tensor(3, "gate");
  const Tensor& up = call.tensorOption(4, "up");
  const GluBackward args = {floatsLike(call, dgate, "dgate", gate), floatsLike(call, dup, "dup", gate), floatsLike(call, dy, "dy", gate),
                            floatsLike(call, gate, "gate", gate),   floatsLike(call, up, "up", gate),   activationOf(call, 4)};
  call.require(dgate.data != dup.data || dgate.elements() == 0, "dgate and dup are the same memory");
  const auto bytes = static_cast<double>(dgate.bytes() + dup.bytes() + dy.bytes() + gate.bytes() + up.bytes());
  Zone zone("glu_backward", 20.0 * static_cast<double>(gate.elements()), bytes);
  if (!zone.skip()) gluBackward(args, gate.elements());
  return call.env().Undefined();
}

}  // namespace

void exportGlu(Napi::Env env, Napi::Object exports) {
  gluTable();
  exportFunction(env, exports, "gluForward", forward);
  exportFunction(env, exports, "gluBackward", backward);
}

}  // namespace lathe
