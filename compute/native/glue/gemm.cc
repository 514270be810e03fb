// Matrix products: checks, scratch from the arena, and the packed form of frozen weights.
#include "kernels/gemm/gemm.h"
#include "kernels/gemm/gemv.h"

#include "glue/args.h"
#include "glue/scratch.h"

namespace lathe {
namespace {

void requireMatrix(const Call& call, const Tensor& tensor, const char* name) { call.require(tensor.rank == 2, std::string(name) + " is no matrix"); }

// Bits of `flags`, in the order of compute/tensor/load-addon.ts.
enum Flag : int64_t { kTransposeA = 1, kTransposeB = 2, kTransposeC = 4, kAccumulate = 8, kTransposeB2 = 16 };

// The second pair of operands, where there is one.
void readLowRank(const Call& call, int64_t flags, GemmArgs& args) {
  const Tensor* first = call.optionalTensor(5, "a2");
  if (first == nullptr) return;
  const Tensor &a2 = *first, &b2 = call.tensor(6, "b2");
  for (const auto& [tensor, name] : {std::pair{&a2, "a2"}, std::pair{&b2, "b2"}}) {
    requireMatrix(call, *tensor, name);
    call.requireType(*tensor, name, {DType::F32, DType::BF16});
    call.require(tensor->packed.row == nullptr && tensor->data != args.c, std::string(name) + " is packed, or c");
  }
  args.rank = a2.shape[1];
  args.a2 = a2.data;
  args.b2 = b2.data;
  args.a2Type = a2.dtype;
  args.b2Type = b2.dtype;
  args.transposeB2 = (flags & kTransposeB2) != 0;
  call.requireShape(a2, "a2", {args.m, args.rank});
  call.requireShape(b2, "b2", {args.transposeB2 ? args.n : args.rank, args.transposeB2 ? args.rank : args.n});
  call.require(args.alpha == 1 && !args.transposeC, "alpha and transposeC have no meaning with a2");
}

// gemm(c, a, b, flags, alpha, a2, b2). Most of a step's calls are this one: its options cross as numbers, for a record costs a look-up by name a field.
Napi::Value multiply(const Call& call) {
  const Tensor &c = call.tensor(0, "c"), &a = call.tensor(1, "a"), &b = call.tensor(2, "b");
  requireMatrix(call, c, "c");
  requireMatrix(call, a, "a");
  requireMatrix(call, b, "b");
  call.requireType(c, "c", {DType::F32, DType::BF16});
  call.requireType(a, "a", {DType::F32, DType::BF16});
  call.require(b.packed.row != nullptr || b.dtype != DType::I32, "b may not be i32");
  GemmArgs args;
  args.a = a.data;
  args.b = b.data;
  args.c = c.data;
  args.aType = a.dtype;
  args.bType = b.dtype;
  args.cType = c.dtype;
  const int64_t flags = call.integer(3);
  args.transposeA = (flags & kTransposeA) != 0;
  args.transposeB = (flags & kTransposeB) != 0;
  args.alpha = static_cast<float>(call.number(4));
  args.transposeC = (flags & kTransposeC) != 0;
  args.accumulate = (flags & kAccumulate) != 0;
  args.packed = b.packed.row != nullptr;
  args.m = c.shape[args.transposeC ? 1 : 0];
  args.n = c.shape[args.transposeC ? 0 : 1];
  args.k = a.shape[args.transposeA ? 0 : 1];
  call.requireShape(a, "a", {args.transposeA ? args.k : args.m, args.transposeA ? args.m : args.k});
  call.requireShape(b, "b", {args.transposeB ? args.n : args.k, args.transposeB ? args.k : args.n});
  call.require(c.data != a.data && c.data != b.data, "c is also an input");
  call.require(!args.packed || b.packed.transposed == args.transposeB, "b was packed for the other orientation");

  const KernelTable<GemmRow>& table = gemmTable(args.aType);
  bool known = !args.packed;
  for (const KernelRow& row : table.rows()) known = known || b.packed.row == row.name;
  call.require(known, "b was packed for products with the other input type");
  const GemmKernel* kernel = args.packed ? gemmKernelOf(args.aType, b.packed.row) : gemmKernel(args.aType);

  call.require(!args.transposeC || args.cType == DType::F32, "a transposed c is f32");
  readLowRank(call, flags, args);
  const double m = static_cast<double>(args.m), n = static_cast<double>(args.n), k = static_cast<double>(args.k + args.rank);
  const int64_t bBytes = args.packed ? gemmPackedBytes(kernel, args.n, args.k) : b.bytes();
  Zone zone(table.op(), 2 * m * n * k, static_cast<double>(a.bytes() + bBytes + c.bytes()));
  const ScratchBlock scratch(gemmScratchBytes(kernel, args));
  if (!zone.skip()) gemm(kernel, args, scratch.data());
  return call.env().Undefined();
}

struct Packing {
  const Tensor* b;
  const KernelTable<GemmRow>* table;
  GemmArgs args;
};

// (b, {transposeB, inputType}) of both packing functions.
Packing packing(const Call& call) {
  const Tensor& b = call.tensor(0, "b");
  requireMatrix(call, b, "b");
  call.require(b.packed.row == nullptr, "b is packed already");
  call.require(b.dtype != DType::I32, "b may not be i32");
  const double type = call.option(1, "inputType");
  call.require(type == static_cast<double>(DType::F32) || type == static_cast<double>(DType::BF16), "inputType is neither f32 nor bf16");
  Packing result{&b, &gemmTable(static_cast<DType>(static_cast<int>(type))), {}};
  GemmArgs& args = result.args;
  args.transposeB = call.flag(1, "transposeB");
  args.b = b.data;
  args.bType = b.dtype;
  args.n = b.shape[args.transposeB ? 0 : 1];
  args.k = b.shape[args.transposeB ? 1 : 0];
  return result;
}

// gemmPack(b, {transposeB, inputType, tag}) -> id
Napi::Value pack(const Call& call) {
  const Packing p = packing(call);
  const GemmKernel* kernel = p.table->function()();
  const int64_t bytes = gemmPackedBytes(kernel, p.args.n, p.args.k);
  const PackedInfo info{p.table->chosen().name, p.args.transposeB};
  const double touched = static_cast<double>(p.b->bytes() + bytes);  // allocating may move the table that b is in
  const TensorId id = tensors().allocatePacked(bytes, {p.b->shape[0], p.b->shape[1]}, info, call.textOption(1, "tag", ""));
  if (id == 0) throw OutOfArena(bytes);
  Zone zone("gemm_pack", 0, touched);
  if (!zone.skip()) gemmPack(kernel, tensors().find(id)->data, p.args);
  return Napi::Number::New(call.env(), id);
}

Napi::Value packedBytes(const Call& call) {
  const Packing p = packing(call);
  return Napi::Number::New(call.env(), static_cast<double>(gemmPackedBytes(p.table->function()(), p.args.n, p.args.k)));
}

}  // namespace

void exportGemm(Napi::Env env, Napi::Object exports) {
  gemmTable(DType::F32);
  gemvTable();
  exportFunction(env, exports, "gemm", multiply);
  exportFunction(env, exports, "gemmPack", pack);
  exportFunction(env, exports, "gemmPackedBytes", packedBytes);
}

}  // namespace lathe
