// Rotary position embedding: checks, scratch, kernel.
#include "kernels/rope/rope.h"

#include "glue/args.h"
#include "glue/scratch.h"

namespace lathe {
namespace {

// rope(y, x, positions, {inverseFrequency, headSize, interleaved, inverse, scale})
Napi::Value rotate(const Call& call) {
  const Tensor &y = call.tensor(0, "y"), &x = call.tensor(1, "x"), &positions = call.tensor(2, "positions");
  const Tensor* frequency = tensors().find(static_cast<TensorId>(call.option(3, "inverseFrequency")));
  call.require(frequency != nullptr, "inverseFrequency is missing or was freed before this call");
  call.requireType(y, "y", {DType::F32, DType::BF16});
  call.requireType(x, "x", {DType::F32, DType::BF16});
  call.requireType(positions, "positions", {DType::I32});
  call.requireType(*frequency, "inverseFrequency", {DType::F32});
  call.require(x.rank == 2, "x is no matrix");
  call.requireShape(y, "y", {x.shape[0], x.shape[1]});
  call.requireShape(positions, "positions", {x.shape[0]});
  RopeCall c{};
  c.y = y.data;
  c.x = x.data;
  c.yBf16 = y.dtype == DType::BF16;
  c.xBf16 = x.dtype == DType::BF16;
  c.positions = positions.as<int32_t>();
  c.inverseFrequency = frequency->as<float>();
  c.rows = x.shape[0];
  c.headSize = static_cast<int64_t>(call.option(3, "headSize"));
  c.pairs = frequency->elements();
  call.require(c.headSize > 0 && x.shape[1] % c.headSize == 0, "x is no whole number of heads wide");
  call.require(2 * c.pairs <= c.headSize, "more frequencies than pairs in a head");
  c.heads = x.shape[1] / c.headSize;
  c.interleaved = call.flag(3, "interleaved");
  c.inverse = call.flag(3, "inverse");
  c.scale = static_cast<float>(call.option(3, "scale"));
  call.require(x.data != y.data || c.xBf16 == c.yBf16, "y is x with another element type");
  Zone zone("rope", 6 * static_cast<double>(c.rows * c.heads * c.pairs), static_cast<double>(x.bytes() + y.bytes()));
  const ScratchBlock scratch(ropeScratchBytes(c));
  if (!zone.skip()) rope(c, scratch.data());
  return call.env().Undefined();
}

}  // namespace

void exportRope(Napi::Env env, Napi::Object exports) {
  ropeTable();
  exportFunction(env, exports, "rope", rotate);
}

}  // namespace lathe
