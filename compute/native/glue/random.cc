// dropout, randomUniform, randomNormal: checks, and seeds from numbers.
#include "kernels/random/random.h"

#include <cmath>

#include "core/kernel-table.h"
#include "glue/args.h"

namespace lathe {
namespace {

uint64_t wholeOption(const Call& call, size_t options, const char* name) {
  const double value = call.option(options, name);
  call.require(value >= 0 && value <= 9007199254740992.0 && value == std::floor(value), std::string(name) + " is no whole number of 0 … 2^53");
  return static_cast<uint64_t>(value);
}

RandomKey keyOf(const Call& call, size_t options) { return {wholeOption(call, options, "seed"), wholeOption(call, options, "stream")}; }

FloatArray floats(const Call& call, const Tensor& tensor, const char* name) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  return {tensor.data, tensor.dtype};
}

// dropout(y, x, {p, seed, stream})
Napi::Value dropoutCall(const Call& call) {
  const Tensor &y = call.tensor(0, "y"), &x = call.tensor(1, "x");
  call.require(x.elements() == y.elements(), "x differs from y in size");
  const double p = call.option(2, "p");
  call.require(p >= 0 && p < 1, "p is outside [0, 1)");
  const Dropout args = {floats(call, y, "y"), floats(call, x, "x"), static_cast<uint64_t>(std::ceil(p * 4294967296.0)), static_cast<float>(1 / (1 - p)),
                        keyOf(call, 2)};
  Zone zone("dropout", static_cast<double>(y.elements()), static_cast<double>(x.bytes() + y.bytes()));
  if (!zone.skip()) dropout(args, y.elements());
  return call.env().Undefined();
}

// randomUniform(out, {low, high, seed, stream})
Napi::Value uniformCall(const Call& call) {
  const Tensor& out = call.tensor(0, "out");
  const double low = call.option(1, "low"), high = call.option(1, "high");
  call.require(low < high && static_cast<float>(low) < static_cast<float>(high), "low is not below high");
  const auto top = static_cast<float>(high);
  const RandomUniform args = {floats(call, out, "out"), static_cast<float>(low), static_cast<float>(high - low),
                              std::nextafterf(top, static_cast<float>(low)), keyOf(call, 1)};
  Zone zone("random_uniform", 0, static_cast<double>(out.bytes()));
  if (!zone.skip()) randomUniform(args, out.elements());
  return call.env().Undefined();
}

// randomNormal(out, {mean, deviation, seed, stream})
Napi::Value normalCall(const Call& call) {
  const Tensor& out = call.tensor(0, "out");
  const RandomNormal args = {floats(call, out, "out"), call.option(1, "mean"), call.option(1, "deviation"), keyOf(call, 1)};
  Zone zone("random_normal", 0, static_cast<double>(out.bytes()));
  if (!zone.skip()) randomNormal(args, out.elements());
  return call.env().Undefined();
}

}  // namespace

void exportRandom(Napi::Env env, Napi::Object exports) {
  randomTable();
  exportFunction(env, exports, "dropout", dropoutCall);
  exportFunction(env, exports, "randomUniform", uniformCall);
  exportFunction(env, exports, "randomNormal", normalCall);
}

}  // namespace lathe
