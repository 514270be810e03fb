// rmsnormForward, rmsnormBackward: checks, and scratch for the weight gradient's partial sums.
#include "kernels/rmsnorm/rmsnorm.h"

#include "core/kernel-table.h"
#include "glue/args.h"
#include "glue/scratch.h"

namespace lathe {
namespace {

FloatArray floats(const Tensor& tensor) { return {tensor.data, tensor.dtype}; }

void requireRows(const Call& call, const Tensor& tensor, const char* name, const Tensor& like) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  call.require(tensor.columns() == like.columns() && tensor.elements() == like.elements(), std::string(name) + " differs from x in shape");
}

void requireWeight(const Call& call, const Tensor& w, const Tensor& inverseRms, const Tensor& x) {
  call.requireType(w, "w", {DType::F32, DType::F16, DType::BF16});
  call.require(w.elements() == x.columns(), "w has another length than the rows of x");
  call.requireType(inverseRms, "inverseRms", {DType::F32});
  call.require(inverseRms.elements() == x.rows(), "inverseRms has another length than x has rows");
}

// rmsnormForward(y, inverseRms, x, w, {epsilon, offset})
Napi::Value forward(const Call& call) {
  const Tensor &y = call.tensor(0, "y"), &inverseRms = call.tensor(1, "inverseRms"), &x = call.tensor(2, "x"), &w = call.tensor(3, "w");
  requireRows(call, x, "x", x);
  requireRows(call, y, "y", x);
  requireWeight(call, w, inverseRms, x);
  const RmsnormForward args = {floats(y), floats(x),   floats(w),
                               inverseRms.as<float>(), x.rows(),
                               x.columns(),            static_cast<float>(call.option(4, "epsilon")),
                               static_cast<float>(call.option(4, "offset", 0))};
  Zone zone("rmsnorm_forward", 4.0 * static_cast<double>(x.elements()), static_cast<double>(x.bytes() + y.bytes()));
  if (!zone.skip()) rmsnormForward(args);
  return call.env().Undefined();
}

// rmsnormBackward(dx, dw, dy, x, {w, inverseRms, offset, accumulate}); dx and dw may be 0.
Napi::Value backward(const Call& call) {
  const Tensor *dx = call.optionalTensor(0, "dx"), *dw = call.optionalTensor(1, "dw");
  const Tensor &dy = call.tensor(2, "dy"), &x = call.tensor(3, "x");
  const Tensor &w = call.tensorOption(4, "w"), &inverseRms = call.tensorOption(4, "inverseRms");
  requireRows(call, x, "x", x);
  requireRows(call, dy, "dy", x);
  if (dx != nullptr) requireRows(call, *dx, "dx", x);
  requireWeight(call, w, inverseRms, x);
  if (dw != nullptr) {
    call.requireType(*dw, "dw", {DType::F32});
    call.require(dw->elements() == x.columns(), "dw has another length than the rows of x");
  }
  const RmsnormBackward args = {dx == nullptr ? FloatArray{nullptr, DType::F32} : floats(*dx),
                                floats(dy),
                                floats(x),
                                floats(w),
                                inverseRms.as<float>(),
                                x.rows(),
                                x.columns(),
                                static_cast<float>(call.option(4, "offset", 0)),
                                call.flag(4, "accumulate")};
  const double dxBytes = dx == nullptr ? 0 : static_cast<double>(dx->bytes()) * (args.accumulate ? 2 : 1);
  Zone zone("rmsnorm_backward", 9.0 * static_cast<double>(x.elements()), static_cast<double>(x.bytes() + dy.bytes()) + dxBytes);
  const ScratchBlock partials(dw == nullptr ? 0 : rmsnormPartialBytes(x.rows(), x.columns()));
  if (!zone.skip()) rmsnormBackward(args, dw == nullptr ? nullptr : dw->as<float>(), static_cast<float*>(partials.data()));
  return call.env().Undefined();
}

}  // namespace

void exportNorm(Napi::Env env, Napi::Object exports) {
  rmsnormTable();
  exportFunction(env, exports, "rmsnormForward", forward);
  exportFunction(env, exports, "rmsnormBackward", backward);
}

}  // namespace lathe
