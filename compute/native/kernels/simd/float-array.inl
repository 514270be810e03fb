// FloatArray by vectors; included after one of avx2.h, avx512.h, neon.h.
#include "kernels/simd/float-array.h"

namespace lathe {
namespace {

// `count` lanes (1 … kLanes) from element i on; the other lanes are 0.
inline Vec load(const FloatArray& a, int64_t i, int count) {
  const bool full = count == Vec::kLanes;
  if (a.type == DType::F32) {
    const float* p = static_cast<const float*>(a.data) + i;
    return full ? load(p) : loadPartial(p, count);
  }
  if (a.type == DType::BF16) {
    const Bf16* p = static_cast<const Bf16*>(a.data) + i;
    return full ? load(p) : loadPartial(p, count);
  }
  const Half* p = static_cast<const Half*>(a.data) + i;
  return full ? load(p) : loadPartial(p, count);
}

inline void store(const FloatArray& a, int64_t i, Vec value, int count) {
  const bool full = count == Vec::kLanes;
  if (a.type == DType::F32) {
    float* p = static_cast<float*>(a.data) + i;
    full ? store(p, value) : storePartial(p, value, count);
  } else {
    Bf16* p = static_cast<Bf16*>(a.data) + i;
    full ? store(p, value) : storePartial(p, value, count);
  }
}

// body(i, count) for each vector of [begin, end); only the last count is less than kLanes.
template <class Body>
inline void forVectors(int64_t begin, int64_t end, Body body) {
  int64_t i = begin;
  for (; i + Vec::kLanes <= end; i += Vec::kLanes) body(i, Vec::kLanes);
  if (i < end) body(i, static_cast<int>(end - i));
}

}  // namespace
}  // namespace lathe
