// Int8 products with frozen weights: checks, scratch from the arena, and the weights' panels.
#include "kernels/gemm-int8/gemm-int8.h"

#include "glue/args.h"
#include "glue/scratch.h"

namespace lathe {
namespace {

bool hasInt8Panels(const Tensor& tensor) { return tensor.packed.row == kInt8Panels; }

// gemmInt8(c, a, b, {transposeB, alpha, accumulate})
Napi::Value multiply(const Call& call) {
  const Tensor &c = call.tensor(0, "c"), &a = call.tensor(1, "a"), &b = call.tensor(2, "b");
  call.require(c.rank == 2 && a.rank == 2 && b.rank == 2, "an operand is no matrix");
  call.requireType(c, "c", {DType::F32});
  call.requireType(a, "a", {DType::F32});
  call.require(b.packed.row == nullptr || hasInt8Panels(b), "b was packed for products in floats");
  call.require(hasInt8Panels(b) || b.dtype != DType::I32, "b may not be i32");
  GemmInt8Args args;
  args.a = a.as<float>();
  args.b = b.data;
  args.c = c.as<float>();
  args.bType = b.dtype;
  args.transposeB = call.flag(3, "transposeB");
  args.alpha = static_cast<float>(call.option(3, "alpha", 1));
  args.accumulate = call.flag(3, "accumulate");
  args.packed = hasInt8Panels(b);
  args.m = c.shape[0];
  args.n = c.shape[1];
  args.k = a.shape[1];
  call.requireShape(a, "a", {args.m, args.k});
  call.requireShape(b, "b", {args.transposeB ? args.n : args.k, args.transposeB ? args.k : args.n});
  call.require(c.data != a.data && c.data != b.data, "c is also an input");
  call.require(!args.packed || b.packed.transposed == args.transposeB, "b was packed for the other orientation");

  const double m = static_cast<double>(args.m), n = static_cast<double>(args.n), k = static_cast<double>(args.k);
  const int64_t bBytes = args.packed ? gemmInt8PackedBytes(args.n, args.k) : b.bytes();
  Zone zone("gemm_int8", 2 * m * n * k, static_cast<double>(a.bytes() + bBytes + c.bytes()));
  const ScratchBlock scratch(gemmInt8ScratchBytes(args));
  if (!zone.skip()) gemmInt8(args, scratch.data());
  return call.env().Undefined();
}

// (b, {transposeB}) of both packing functions.
GemmInt8Args packing(const Call& call, const Tensor& b) {
  call.require(b.rank == 2, "b is no matrix");
  call.require(b.packed.row == nullptr, "b is packed already");
  call.require(b.dtype != DType::I32, "b may not be i32");
  GemmInt8Args args;
  args.transposeB = call.flag(1, "transposeB");
  args.b = b.data;
  args.bType = b.dtype;
  args.n = b.shape[args.transposeB ? 0 : 1];
  args.k = b.shape[args.transposeB ? 1 : 0];
  return args;
}

// gemmInt8Pack(b, {transposeB, tag}) -> id
Napi::Value pack(const Call& call) {
  const Tensor& b = call.tensor(0, "b");
  const GemmInt8Args args = packing(call, b);
  const int64_t bytes = gemmInt8PackedBytes(args.n, args.k);
  const double touched = static_cast<double>(b.bytes() + bytes);
  // Allocating may move the table that b is in.
  const TensorId id = tensors().allocatePacked(bytes, {b.shape[0], b.shape[1]}, {kInt8Panels, args.transposeB}, call.textOption(1, "tag", ""));
  if (id == 0) throw OutOfArena(bytes);
  Zone zone("gemm_int8_pack", 0, touched);
  const ScratchBlock scratch(gemmInt8PackScratchBytes());
  if (!zone.skip()) gemmInt8Pack(tensors().find(id)->data, args, scratch.data());
  return Napi::Number::New(call.env(), id);
}

Napi::Value packedBytes(const Call& call) {
  const GemmInt8Args args = packing(call, call.tensor(0, "b"));
  return Napi::Number::New(call.env(), static_cast<double>(gemmInt8PackedBytes(args.n, args.k)));
}

}  // namespace

void exportGemmInt8(Napi::Env env, Napi::Object exports) {
  gemmInt8Table();
  exportFunction(env, exports, "gemmInt8", multiply);
  exportFunction(env, exports, "gemmInt8Pack", pack);
  exportFunction(env, exports, "gemmInt8PackedBytes", packedBytes);
}

}  // namespace lathe
