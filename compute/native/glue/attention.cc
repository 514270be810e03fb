// Attention: checks of shapes and of the segments' offsets, then the kernels.
#include "kernels/attention/attention.h"

#include <cmath>

#include "glue/args.h"
#include "glue/scratch.h"

namespace lathe {
namespace {

// A tensor named by a field of the options record, which is the argument at `options`.
const Tensor& namedTensor(const Call& call, size_t options, const char* name) {
  const Tensor* found = tensors().find(static_cast<TensorId>(call.option(options, name)));
  if (found == nullptr) throw Misuse(std::string(name) + " is missing or was freed before this call");
  return *found;
}

FloatRows floatRows(const Call& call, const Tensor& tensor, const char* name, int64_t rows, int64_t columns) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  call.requireShape(tensor, name, {rows, columns});
  return {tensor.data, tensor.dtype == DType::BF16};
}

// The numbers of both directions and the inputs they share.
AttentionCall attentionCall(const Call& call, size_t options, const Tensor& q, const Tensor& k) {
  AttentionCall result{};
  result.heads = static_cast<int64_t>(call.option(options, "heads"));
  result.keyHeads = static_cast<int64_t>(call.option(options, "keyHeads"));
  result.headSize = static_cast<int64_t>(call.option(options, "headSize"));
  result.window = static_cast<int64_t>(call.option(options, "window"));
  result.scale = static_cast<float>(call.option(options, "scale"));
  result.softcap = static_cast<float>(call.option(options, "softcap"));
  call.require(result.heads > 0 && result.keyHeads > 0 && result.heads % result.keyHeads == 0, "heads is no multiple of keyHeads");
  call.require(result.headSize > 0 && result.headSize <= kAttentionMaxHeadSize, "headSize out of range");
  call.require(result.window >= 0 && result.softcap >= 0 && std::isfinite(result.scale), "window, softcap or scale out of range");
  result.queries = q.rows();
  result.keys = k.rows();
  const int64_t columns = result.heads * result.headSize, keyColumns = result.keyHeads * result.headSize;
  result.q = floatRows(call, q, "q", result.queries, columns);
  result.k = floatRows(call, k, "k", result.keys, keyColumns);
  result.v = floatRows(call, namedTensor(call, options, "v"), "v", result.keys, keyColumns);
  const Tensor &queryOffsets = namedTensor(call, options, "queryOffsets"), &keyOffsets = namedTensor(call, options, "keyOffsets");
  call.requireType(queryOffsets, "queryOffsets", {DType::I32});
  call.requireType(keyOffsets, "keyOffsets", {DType::I32});
  call.require(queryOffsets.elements() > 0, "queryOffsets is empty");
  result.segments = queryOffsets.elements() - 1;
  call.requireShape(keyOffsets, "keyOffsets", {result.segments + 1});
  result.queryOffsets = queryOffsets.as<int32_t>();
  result.keyOffsets = keyOffsets.as<int32_t>();
  return result;
}

void checkOffsets(const Call& call, const AttentionCall& c) {
  call.require(c.queryOffsets[0] >= 0 && c.keyOffsets[0] >= 0, "a segment starts before the first row");
  for (int64_t s = 0; s < c.segments; ++s) {
    const int32_t queries = c.queryOffsets[s + 1] - c.queryOffsets[s], keys = c.keyOffsets[s + 1] - c.keyOffsets[s];
    call.require(queries >= 0 && keys >= queries, "a segment has fewer keys than queries");
  }
  call.require(c.queryOffsets[c.segments] <= c.queries && c.keyOffsets[c.segments] <= c.keys, "a segment ends after the last row");
}

// Scores that are seen, as if all rows were one segment: an upper bound that needs no offsets. Windows count.
double scores(const AttentionCall& c) {
  const double queries = static_cast<double>(c.queries), keys = static_cast<double>(c.keys);
  const double all = queries * (keys - (queries - 1) / 2);
  return static_cast<double>(c.heads) * (c.window == 0 ? all : std::fmin(all, queries * static_cast<double>(c.window)));
}

// The same from the offsets.
double scoresOfSegments(const AttentionCall& c) {
  double sum = 0;
  for (int64_t s = 0; s < c.segments; ++s) {
    AttentionCall one = c;
    one.queries = c.queryOffsets[s + 1] - c.queryOffsets[s];
    one.keys = c.keyOffsets[s + 1] - c.keyOffsets[s];
    sum += scores(one);
  }
  return sum;
}

// attentionForward(o, lse, q, k, {…, v, queryOffsets, keyOffsets})
Napi::Value forward(const Call& call) {
  constexpr size_t kOptions = 4;
  const Tensor &o = call.tensor(0, "o"), &lse = call.tensor(1, "lse"), &q = call.tensor(2, "q"), &k = call.tensor(3, "k");
  AttentionCall c = attentionCall(call, kOptions, q, k);
  c.o = floatRows(call, o, "o", c.queries, c.heads * c.headSize);
  call.requireType(lse, "lse", {DType::F32});
  call.requireShape(lse, "lse", {c.heads, c.queries});
  c.lse = lse.as<float>();
  call.require(o.data != q.data && o.data != k.data && o.data != c.v.data, "o is also an input");
  const bool dry = arena().dryRun();
  if (!dry) checkOffsets(call, c);
  Zone zone("attention_forward", 4 * static_cast<double>(c.headSize) * (dry ? scores(c) : scoresOfSegments(c)), static_cast<double>(2 * q.bytes() + 2 * k.bytes()));
  const ScratchBlock scratch(attentionForwardScratchBytes(c));
  if (!zone.skip()) attentionForward(c, scratch.data());
  return call.env().Undefined();
}

// attentionBackward(dq, dk, dv, dout, {…, q, k, v, o, lse, queryOffsets, keyOffsets})
Napi::Value backward(const Call& call) {
  constexpr size_t kOptions = 4;
  const Tensor &q = namedTensor(call, kOptions, "q"), &k = namedTensor(call, kOptions, "k"), &lse = namedTensor(call, kOptions, "lse");
  AttentionCall c = attentionCall(call, kOptions, q, k);
  const int64_t columns = c.heads * c.headSize, keyColumns = c.keyHeads * c.headSize;
  c.o = floatRows(call, namedTensor(call, kOptions, "o"), "o", c.queries, columns);
  call.requireType(lse, "lse", {DType::F32});
  call.requireShape(lse, "lse", {c.heads, c.queries});
  c.lse = lse.as<float>();
  c.dq = floatRows(call, call.tensor(0, "dq"), "dq", c.queries, columns);
  c.dk = floatRows(call, call.tensor(1, "dk"), "dk", c.keys, keyColumns);
  c.dv = floatRows(call, call.tensor(2, "dv"), "dv", c.keys, keyColumns);
  c.dout = floatRows(call, call.tensor(3, "dout"), "dout", c.queries, columns);
  for (const FloatRows* input : {&c.q, &c.k, &c.v, &c.o, &c.dout})
    call.require(input->data != c.dq.data && input->data != c.dk.data && input->data != c.dv.data, "a gradient is also an input");
  const bool dry = arena().dryRun();
  if (!dry) checkOffsets(call, c);
  Zone zone("attention_backward", 10 * static_cast<double>(c.headSize) * (dry ? scores(c) : scoresOfSegments(c)), static_cast<double>(4 * q.bytes() + 4 * k.bytes()));
  const ScratchBlock scratch(attentionBackwardScratchBytes(c));
  if (!zone.skip()) attentionBackward(c, scratch.data());
  return call.env().Undefined();
}

}  // namespace

void exportAttention(Napi::Env env, Napi::Object exports) {
  attentionForwardTable();
  attentionBackwardTable();
  exportFunction(env, exports, "attentionForward", forward);
  exportFunction(env, exports, "attentionBackward", backward);
}

}  // namespace lathe
