// addScaled, multiply, fill, sumOfSquares, allFinite: checks.
#include "kernels/elementwise/elementwise.h"

#include "core/kernel-table.h"
#include "glue/args.h"

namespace lathe {
namespace {

FloatArray floatsLike(const Call& call, const Tensor& tensor, const char* name, const Tensor& like) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  call.require(tensor.elements() == like.elements(), std::string(name) + " differs from out in size");
  return {tensor.data, tensor.dtype};
}

double bytesOfAll(const Tensor& out, const Tensor& a, const Tensor& b) { return static_cast<double>(out.bytes() + a.bytes() + b.bytes()); }

// addScaled(out, a, b, {alpha, beta})
Napi::Value addScaledCall(const Call& call) {
  const Tensor &out = call.tensor(0, "out"), &a = call.tensor(1, "a"), &b = call.tensor(2, "b");
  const AddScaled args = {floatsLike(call, out, "out", out), floatsLike(call, a, "a", out), floatsLike(call, b, "b", out),
                          static_cast<float>(call.option(3, "alpha")), static_cast<float>(call.option(3, "beta"))};
  Zone zone("add_scaled", 3.0 * static_cast<double>(out.elements()), bytesOfAll(out, a, b));
  if (!zone.skip()) addScaled(args, out.elements());
  return call.env().Undefined();
}

// multiply(out, a, b)
Napi::Value multiplyCall(const Call& call) {
  const Tensor &out = call.tensor(0, "out"), &a = call.tensor(1, "a"), &b = call.tensor(2, "b");
  const Multiply args = {floatsLike(call, out, "out", out), floatsLike(call, a, "a", out), floatsLike(call, b, "b", out)};
  Zone zone("multiply", static_cast<double>(out.elements()), bytesOfAll(out, a, b));
  if (!zone.skip()) multiply(args, out.elements());
  return call.env().Undefined();
}

// fill(out, value)
Napi::Value fillCall(const Call& call) {
  const Tensor& out = call.tensor(0, "out");
  call.requireType(out, "out", {DType::F32, DType::BF16, DType::I32});
  const double value = call.number(1);
  call.require(out.dtype != DType::I32 || (value >= -2147483648.0 && value <= 2147483647.0), "value is no 32-bit integer");
  Zone zone("fill", 0, static_cast<double>(out.bytes()));
  if (!zone.skip()) fill(out.data, out.dtype, value, out.elements());
  return call.env().Undefined();
}

// sumOfSquares(x) -> number; 0 in a dry run
Napi::Value sumOfSquaresCall(const Call& call) {
  const Tensor& x = call.tensor(0, "x");
  const FloatArray array = floatsLike(call, x, "x", x);
  Zone zone("sum_of_squares", 2.0 * static_cast<double>(x.elements()), static_cast<double>(x.bytes()));
  return Napi::Number::New(call.env(), zone.skip() ? 0 : sumOfSquares(array, x.elements()));
}

// allFinite(x) -> boolean; true in a dry run
Napi::Value allFiniteCall(const Call& call) {
  const Tensor& x = call.tensor(0, "x");
  const FloatArray array = floatsLike(call, x, "x", x);
  Zone zone("all_finite", 0, static_cast<double>(x.bytes()));
  return Napi::Boolean::New(call.env(), zone.skip() || allFinite(array, x.elements()));
}

}  // namespace

void exportElementwise(Napi::Env env, Napi::Object exports) {
  elementwiseTable();
  exportFunction(env, exports, "addScaled", addScaledCall);
  exportFunction(env, exports, "multiply", multiplyCall);
  exportFunction(env, exports, "fill", fillCall);
  exportFunction(env, exports, "sumOfSquares", sumOfSquaresCall);
  exportFunction(env, exports, "allFinite", allFiniteCall);
}

}  // namespace lathe
