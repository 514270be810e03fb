// Cross-entropy: checks, labels included, then the kernel.
#include "kernels/cross-entropy/cross-entropy.h"

#include "core/arena.h"
#include "glue/args.h"

namespace lathe {
namespace {

// Where the gradient goes: in place of the logits if nothing else is named.
const Tensor& gradientOf(const Call& call, const Tensor& logits) {
  const TensorId id = static_cast<TensorId>(call.option(3, "gradient", 0));
  if (id == 0) return logits;
  const Tensor* gradient = tensors().find(id);
  call.require(gradient != nullptr, "gradient was freed before this call");
  call.requireType(*gradient, "gradient", {DType::F32, DType::BF16});
  call.requireShape(*gradient, "gradient", {logits.shape[0], logits.shape[1]});
  return *gradient;
}

// crossEntropy(loss, logits, labels, {gradScale, softcap, best, gradient})
Napi::Value grade(const Call& call) {
  const Tensor &loss = call.tensor(0, "loss"), &logits = call.tensor(1, "logits"), &labels = call.tensor(2, "labels");
  call.requireType(logits, "logits", {DType::F32});
  call.requireType(loss, "loss", {DType::F32});
  call.requireType(labels, "labels", {DType::I32});
  call.require(logits.rank == 2 && logits.shape[1] > 0 && logits.shape[1] < (1 << 24), "logits are no matrix of at most 2^24 columns");
  call.requireShape(loss, "loss", {logits.shape[0]});
  call.requireShape(labels, "labels", {logits.shape[0]});
  CrossEntropyCall c{};
  c.logits = logits.as<float>();
  const Tensor& gradient = gradientOf(call, logits);
  c.gradient = {gradient.data, gradient.dtype};
  c.labels = labels.as<int32_t>();
  c.loss = loss.as<float>();
  c.rows = logits.shape[0];
  c.columns = logits.shape[1];
  c.gradScale = static_cast<float>(call.option(3, "gradScale"));
  c.softcap = static_cast<float>(call.option(3, "softcap", 0));
  call.require(c.softcap >= 0, "softcap is negative");
  const TensorId bestId = static_cast<TensorId>(call.option(3, "best", 0));
  if (bestId != 0) {
    const Tensor* best = tensors().find(bestId);
    call.require(best != nullptr, "best was freed before this call");
    call.requireType(*best, "best", {DType::I32});
    call.requireShape(*best, "best", {c.rows});
    c.best = best->as<int32_t>();
  }
  Zone zone("cross_entropy", 8 * static_cast<double>(logits.elements()), static_cast<double>(logits.bytes() + (c.gradScale == 0 ? 0 : gradient.bytes())));
  if (zone.skip()) return call.env().Undefined();
  for (int64_t row = 0; row < c.rows; ++row) call.require(c.labels[row] < c.columns, "a label lies outside the vocabulary");
  crossEntropy(c);
  return call.env().Undefined();
}

}  // namespace

void exportCrossEntropy(Napi::Env env, Napi::Object exports) {
  crossEntropyTable();
  exportFunction(env, exports, "crossEntropy", grade);
}

}  // namespace lathe
