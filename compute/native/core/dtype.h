// Element types: numbers, block sizes and scalar conversions. Mirrors compute/tensor/dtype.ts.
#pragma once
#include <cstdint>
#include <cstring>

namespace lathe {

enum class DType : uint8_t { F32, F16, BF16, I32, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K, Count };

struct DTypeInfo {
  const char* name;
  int blockElements;
  int blockBytes;
};

inline constexpr DTypeInfo kDTypes[] = {
    {"f32", 1, 4},    {"f16", 1, 2},    {"bf16", 1, 2},   {"i32", 1, 4},     {"q8_0", 32, 34},   {"q4_0", 32, 18},
    {"q4_1", 32, 20}, {"q5_0", 32, 22}, {"q5_1", 32, 24}, {"q4_k", 256, 144}, {"q5_k", 256, 176}, {"q6_k", 256, 210},
};
static_assert(sizeof(kDTypes) / sizeof(kDTypes[0]) == static_cast<size_t>(DType::Count));

inline constexpr const DTypeInfo& info(DType type) { return kDTypes[static_cast<size_t>(type)]; }
inline constexpr int64_t bytesOf(DType type, int64_t elements) {
  return elements / info(type).blockElements * info(type).blockBytes;
}
inline constexpr bool isFloat(DType type) { return type == DType::F32 || type == DType::BF16; }
inline constexpr bool isQuantised(DType type) { return type >= DType::Q8_0 && type < DType::Count; }

}  // namespace lathe
