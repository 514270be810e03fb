// Stored rows times x without widening them in memory: decode() feeds the multiply-adds. After gemv.inl and decode-<isa>.inl.
namespace lathe {
namespace {

// Two blocks a step where a block has fewer registers than there are chains.
template <class Block, int kElements>
float dotBlocks(const void* row, const float* x, int64_t k) {
  constexpr int L = Vec::kLanes, kPair = kElements / L < 4 ? 2 : 1;
  const auto* block = static_cast<const Block*>(row);
  Vec chains[4] = {zeros(), zeros(), zeros(), zeros()};
  const auto add = [&](int i, Vec w) __attribute__((always_inline)) { chains[i % 4] = fma(w, load(x + i * L), chains[i % 4]); };
  int64_t left = k / kElements;
  for (; left >= kPair; left -= kPair, block += kPair, x += kPair * kElements) {
    decode(block[0], add);
    if (kPair == 2) decode(block[1], [&](int i, Vec w) __attribute__((always_inline)) { add(i + kElements / L, w); });
  }
  if (left > 0) decode(*block, add);
  return sumOf(chains);
}

template <int kVecs>
constexpr GemvKernel gemvOfBlocks() {
  return {{dotPlain<float>, dotPlain<Half>, dotPlain<Bf16>, nullptr, dotBlocks<BlockQ8_0, 32>, dotBlocks<BlockQ4_0, 32>, dotBlocks<BlockQ4_1, 32>,
           dotBlocks<BlockQ5_0, 32>, dotBlocks<BlockQ5_1, 32>, dotBlocks<BlockQ4_K, 256>, dotBlocks<BlockQ5_K, 256>, dotBlocks<BlockQ6_K, 256>},
          batch<kVecs>};
}

}  // namespace
}  // namespace lathe
