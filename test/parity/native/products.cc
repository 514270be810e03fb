// Checks of matrix products, stored types, attention, rotation and cross-entropy.
#include <cmath>
#include <cstring>

#include "check.h"
#include "kernels/attention/attention.h"
#include "kernels/cross-entropy/cross-entropy.h"
#include "kernels/dequant/dequant.h"
#include "kernels/gemm/gemm.h"
#include "kernels/gemm/gemv.h"
#include "kernels/gemm-int8/gemm-int8.h"
#include "kernels/rope/rope.h"

using namespace lathe;

namespace {

// 64-byte aligned, as the arena's blocks are.
class Aligned {
 public:
  explicit Aligned(int64_t bytes) : bytes_(static_cast<size_t>(bytes) + 64) {}
  void* data() {
    const auto at = reinterpret_cast<uintptr_t>(bytes_.data());
    return reinterpret_cast<void*>((at + 63) / 64 * 64);
  }

 private:
  std::vector<unsigned char> bytes_;
};

// Any bytes are a valid block but for the scales, which are made small and finite.
std::vector<unsigned char> stored(DType type, int64_t elements, uint32_t seed) {
  std::vector<unsigned char> bytes(static_cast<size_t>(bytesOf(type, elements)));
  Sequence next(seed);
  if (type == DType::F32) {
    for (int64_t i = 0; i < elements; ++i) {
      const float value = next();
      std::memcpy(bytes.data() + 4 * i, &value, 4);
    }
    return bytes;
  }
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(next.word() >> 24);
  const auto block = static_cast<size_t>(info(type).blockBytes);
  for (size_t at = 0; at + block <= bytes.size(); at += block) {
    if (type == DType::F16) bytes[at + 1] = static_cast<unsigned char>(0x28 | (bytes[at + 1] & 0x93));
    if (type == DType::BF16) bytes[at + 1] = static_cast<unsigned char>(0x3e | (bytes[at + 1] & 0x80));
    if (!isQuantised(type)) continue;
    const bool last = type == DType::Q6_K, two = type == DType::Q4_1 || type == DType::Q5_1 || type == DType::Q4_K || type == DType::Q5_K;
    bytes[at + (last ? block - 1 : 1)] = 0x24;
    if (two) bytes[at + 3] = 0x28;
  }
  return bytes;
}

void checkDequantize(DType type) {
  compareRows("dequantize", info(type).name, [=] {
    const int64_t n = 1536;
    const auto source = stored(type, n, 3);
    Floats wide(DType::F32, n), narrow(DType::BF16, n);
    dequantizeRow(type, source.data(), wide.f32(), n);
    convertElements(DType::BF16, narrow.data(), type, source.data(), n, 1);
    return std::vector<Output>{output("f32", wide), output("bf16", narrow)};
  });
}

struct Product {
  int64_t m, n, k;
  bool transposeA, transposeB, accumulate;
  DType b;
  int64_t rank = 0;  // of a product that is added on the way
};

std::vector<Output> product(const Product& p, DType aType, bool packed) {
  Floats a = Floats::random(aType, p.m * p.k, 1), c = Floats::random(aType, p.m * p.n, 2);
  const auto b = stored(p.b, p.n * p.k, 3);
  GemmArgs args;
  args.m = p.m, args.n = p.n, args.k = p.k;
  args.a = a.data(), args.b = b.data(), args.c = c.data();
  args.aType = args.cType = aType, args.bType = p.b;
  args.transposeA = p.transposeA, args.transposeB = p.transposeB, args.accumulate = p.accumulate;
  args.alpha = p.rank > 0 ? 1 : 0.5f;
  Floats a2 = Floats::random(aType, p.m * p.rank, 4), b2 = Floats::random(aType, p.n * p.rank, 5);
  args.rank = p.rank, args.a2 = a2.data(), args.b2 = b2.data();
  args.a2Type = args.b2Type = aType, args.transposeB2 = p.transposeB;
  const GemmKernel* kernel = gemmKernel(aType);
  Aligned panels(gemmPackedBytes(kernel, p.n, p.k));
  if (packed) {
    gemmPack(kernel, panels.data(), args);
    args.packed = true;
    args.b = panels.data();
    args.bType = DType::F32;  // as a packed tensor says of itself
  }
  Aligned scratch(gemmScratchBytes(kernel, args));
  gemm(kernel, args, scratch.data());
  return {output("c", c)};
}

void checkProducts(DType aType) {
  const char* op = aType == DType::F32 ? "gemm_f32" : "gemm_bf16";
  const Product cases[] = {
      {37, 53, 100, false, true, false, DType::F32},  {64, 80, 300, false, false, true, DType::F32},   {20, 33, 517, true, false, true, DType::F32},
      {21, 48, 128, false, true, false, DType::F16},  {19, 64, 96, false, false, false, DType::BF16},  {18, 40, 256, false, true, false, DType::Q4_1},
      {33, 512, 40, false, false, false, DType::Q8_0}, {17, 256, 70, false, false, true, DType::Q4_K}, {25, 30, 512, false, true, true, DType::Q6_K},
      {1, 70, 256, false, true, false, DType::Q4_K},  {7, 31, 64, false, true, true, DType::Q8_0},     {1, 1, 1, false, true, false, DType::F32},
      {38, 29, 130, false, true, false, DType::F32, 6}, {51, 40, 65, false, false, true, DType::BF16, 3},
  };
  for (const Product& p : cases)
    for (bool packed : {false, true})
      compareRows(op, std::to_string(p.m) + "x" + std::to_string(p.n) + "x" + std::to_string(p.k) + " " + info(p.b).name + (packed ? " packed" : ""),
                  [=] { return product(p, aType, packed); });
}

std::vector<Output> productInt8(const Product& p, bool packed) {
  Floats a = Floats::random(DType::F32, p.m * p.k, 1), c = Floats::random(DType::F32, p.m * p.n, 2);
  const auto b = stored(p.b, p.n * p.k, 3);
  GemmInt8Args args;
  args.m = p.m, args.n = p.n, args.k = p.k;
  args.a = a.f32(), args.b = b.data(), args.c = c.f32();
  args.bType = p.b, args.transposeB = p.transposeB, args.accumulate = p.accumulate;
  args.alpha = 0.5f;
  Aligned panels(gemmInt8PackedBytes(p.n, p.k)), packing(gemmInt8PackScratchBytes());
  if (packed) {
    gemmInt8Pack(panels.data(), args, packing.data());
    args.packed = true;
    args.b = panels.data();
  }
  Aligned scratch(gemmInt8ScratchBytes(args));
  gemmInt8(args, scratch.data());
  return {output("c", c)};
}

void checkProductsInt8() {
  const Product cases[] = {
      {37, 53, 100, false, true, false, DType::F32}, {64, 80, 300, false, false, true, DType::F32},   {1, 1, 1, false, true, false, DType::F32},
      {18, 40, 256, false, true, true, DType::Q4_1}, {33, 512, 40, false, false, false, DType::Q8_0}, {15, 30, 1024, false, true, false, DType::Q6_K},
  };
  for (const Product& p : cases)
    for (bool packed : {false, true})
      compareRows("gemm_int8", std::to_string(p.m) + "x" + std::to_string(p.n) + "x" + std::to_string(p.k) + " " + info(p.b).name + (packed ? " packed" : ""),
                  [=] { return productInt8(p, packed); });
}

// Floats that are not finite spoil their block and no other; what is too small to divide by is 0. All NaNs count as one here.
void checkUnusualInt8() {
  for (float unusual : {NAN, INFINITY, -INFINITY, 1e-42f, 0x1p100f})
    compareRows("gemm_int8", "with " + std::to_string(unusual), [=] {
      const int64_t m = 9, n = 35, k = 150;
      Floats a = Floats::random(DType::F32, m * k, 1), b = Floats::random(DType::F32, n * k, 2), c(DType::F32, m * n);
      a.f32()[k + 70] = b.f32()[5 * k + 140] = unusual;
      for (int64_t i = 0; i < k; ++i) a.f32()[4 * k + i] = std::fabs(unusual) < 1 ? unusual : 0;
      std::vector<Output> outputs;
      for (bool transposeB : {true, false}) {
        GemmInt8Args args;
        args.m = m, args.n = n, args.k = k;
        args.a = a.f32(), args.b = b.data(), args.c = c.f32();
        args.transposeB = transposeB;
        Aligned scratch(gemmInt8ScratchBytes(args));
        gemmInt8(args, scratch.data());
        outputs.push_back(output(transposeB ? "c of [N, K]" : "c of [K, N]", c));
        for (float& value : outputs.back().values)
          if (std::isnan(value)) value = NAN;
      }
      return outputs;
    });
}

// A few rows on stored weights; the first row chosen for products must not be the reference, which does not go this way.
void checkFewRows(DType type) {
  for (int64_t m : {1, 2, 5})
    compareRows("gemv", std::string(info(type).name) + " m=" + std::to_string(m), [=] {
      return product({m, 37, 512, false, true, false, type}, DType::F32, false);
    });
}

struct Shape {
  std::vector<int32_t> queryOffsets, keyOffsets;
  int64_t heads, keyHeads, headSize, window;
  float softcap;
};

struct AttentionTensors {
  Floats q, k, v, dout, o, lse, dq, dk, dv;
  AttentionCall call{};
  AttentionTensors(const Shape& s, DType type, int64_t queries, int64_t keys)
      : q(Floats::random(type, queries * s.heads * s.headSize, 1)),
        k(Floats::random(type, keys * s.keyHeads * s.headSize, 2)),
        v(Floats::random(type, keys * s.keyHeads * s.headSize, 3)),
        dout(Floats::random(type, queries * s.heads * s.headSize, 4)),
        o(type, queries * s.heads * s.headSize),
        lse(DType::F32, s.heads * queries),
        dq(type, queries * s.heads * s.headSize),
        dk(type, keys * s.keyHeads * s.headSize),
        dv(type, keys * s.keyHeads * s.headSize) {
    const bool bf16 = type == DType::BF16;
    call.q = {q.data(), bf16}, call.k = {k.data(), bf16}, call.v = {v.data(), bf16}, call.o = {o.data(), bf16};
    call.dout = {dout.data(), bf16}, call.dq = {dq.data(), bf16}, call.dk = {dk.data(), bf16}, call.dv = {dv.data(), bf16};
    call.lse = lse.f32();
    call.queryOffsets = s.queryOffsets.data(), call.keyOffsets = s.keyOffsets.data();
    call.segments = static_cast<int64_t>(s.queryOffsets.size()) - 1;
    call.queries = queries, call.keys = keys;
    call.heads = s.heads, call.keyHeads = s.keyHeads, call.headSize = s.headSize, call.window = s.window;
    call.scale = 0.3f, call.softcap = s.softcap;
  }
};

void checkAttention(const Shape& s, DType type) {
  const std::string what = std::string(info(type).name) + " heads " + std::to_string(s.heads) + " of " + std::to_string(s.headSize);
  const int64_t queries = s.queryOffsets.back(), keys = s.keyOffsets.back();
  compareRows("attention_forward", what, [=, &s] {
    AttentionTensors t(s, type, queries, keys);
    Aligned scratch(attentionForwardScratchBytes(t.call));
    attentionForward(t.call, scratch.data());
    return std::vector<Output>{output("o", t.o), output("lse", t.lse)};
  });
  if (queries != keys) return;
  compareRows("attention_backward", what, [=, &s] {
    AttentionTensors t(s, type, queries, keys);
    Aligned scratch(attentionForwardScratchBytes(t.call)), more(attentionBackwardScratchBytes(t.call));
    attentionForward(t.call, scratch.data());
    attentionBackward(t.call, more.data());
    return std::vector<Output>{output("dq", t.dq), output("dk", t.dk), output("dv", t.dv)};
  });
}

void checkRope(DType type, bool interleaved, int64_t headSize, int64_t pairs) {
  compareRows("rope", std::string(info(type).name) + " " + std::to_string(headSize), [=] {
    const int64_t rows = 21, heads = 3;
    Floats x = Floats::random(type, rows * heads * headSize, 1), y(type, rows * heads * headSize), frequency(DType::F32, pairs);
    for (int64_t i = 0; i < pairs; ++i) frequency.f32()[i] = 1.0f / static_cast<float>(1 + i * i);
    std::vector<int32_t> positions;
    for (int32_t t = 0; t < rows; ++t) positions.push_back(t * 97);
    const RopeCall call = {y.data(), x.data(), y.isBf16(), x.isBf16(), positions.data(), frequency.f32(), rows, heads, headSize, pairs, interleaved, false, 1.1f};
    Aligned scratch(ropeScratchBytes(call));
    rope(call, scratch.data());
    return std::vector<Output>{output("y", y)};
  });
}

void checkCrossEntropy(int64_t columns, float softcap) {
  compareRows("cross_entropy", std::to_string(columns), [=] {
    const int64_t rows = 5;
    Floats logits = Floats::random(DType::F32, rows * columns, 1), loss(DType::F32, rows);
    for (int64_t i = 0; i < rows * columns; ++i) logits.f32()[i] *= 8;
    const int32_t top = static_cast<int32_t>(columns) - 1, labels[] = {0, top, -1, top / 2, 0};
    int32_t best[5] = {};
    crossEntropy({logits.f32(), {logits.f32(), DType::F32}, labels, loss.f32(), best, rows, columns, 0.25f, softcap});
    return std::vector<Output>{output("gradient", logits), output("loss", loss), {"best", false, std::vector<float>(best, best + rows)}};
  });
}

}  // namespace

void checkProductsAndMore() {
  dequantTable(), gemmTable(DType::F32), gemmTable(DType::BF16), gemvTable(), gemmInt8Table();
  checkProductsInt8();
  checkUnusualInt8();
  attentionForwardTable(), attentionBackwardTable(), ropeTable(), crossEntropyTable();
  for (int type = 0; type < static_cast<int>(DType::Count); ++type) {
    if (static_cast<DType>(type) == DType::I32) continue;
    checkDequantize(static_cast<DType>(type));
    checkFewRows(static_cast<DType>(type));
  }
  for (DType type : {DType::F32, DType::BF16}) {
    checkProducts(type);
    checkAttention({{0, 5, 5, 75}, {0, 5, 5, 75}, 4, 2, 32, 0, 0}, type);
    checkAttention({{0, 90}, {0, 90}, 2, 1, 23, 17, 2}, type);
    checkAttention({{0, 1}, {0, 700}, 6, 2, 64, 0, 0}, type);
    for (bool interleaved : {false, true}) checkRope(type, interleaved, 64, 32), checkRope(type, interleaved, 23, 9);
  }
  // Not one column: its gradient is 0, and a rounding of 0 has no bound in the table's measure.
  for (int64_t columns : {2, 7, 64, 1003}) checkCrossEntropy(columns, 0), checkCrossEntropy(columns, 5);
}
