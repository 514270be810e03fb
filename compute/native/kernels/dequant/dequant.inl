// A row of the dequantisation table over Vec and decode(): included by dequant-<isa>.cc after decode-<isa>.inl.
namespace lathe {
namespace {

template <class Block, int kElements>
void blocks(const void* src, float* dst, int64_t n) {
  const auto* source = static_cast<const Block*>(src);
  for (int64_t at = 0; at < n; at += kElements, ++source) decode(*source, [&](int i, Vec x) __attribute__((always_inline)) { store(dst + at + i * Vec::kLanes, x); });
}

template <class T>
void plain(const void* src, float* dst, int64_t n) {
  const auto* source = static_cast<const T*>(src);
  int64_t i = 0;
  for (; i + Vec::kLanes <= n; i += Vec::kLanes) store(dst + i, load(source + i));
  if (i < n) storePartial(dst + i, loadPartial(source + i, int(n - i)), int(n - i));
}

void toBf16(const float* src, uint16_t* dst, int64_t n) {
  auto* target = reinterpret_cast<Bf16*>(dst);
  int64_t i = 0;
  for (; i + Vec::kLanes <= n; i += Vec::kLanes) store(target + i, load(src + i));
  if (i < n) storePartial(target + i, loadPartial(src + i, int(n - i)), int(n - i));
}

constexpr DequantKernel kKernel = {{plain<float>, plain<Half>, plain<Bf16>, nullptr, blocks<BlockQ8_0, 32>, blocks<BlockQ4_0, 32>,
                                    blocks<BlockQ4_1, 32>, blocks<BlockQ5_0, 32>, blocks<BlockQ5_1, 32>, blocks<BlockQ4_K, 256>,
                                    blocks<BlockQ5_K, 256>, blocks<BlockQ6_K, 256>},
                                   toBf16};

}  // namespace
}  // namespace lathe
