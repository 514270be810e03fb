// How arrays are cut over the threads: fixed runs of elements, so that nothing depends on how many threads there are. Not for kernel files.
#pragma once
#include <algorithm>

#include "core/threads.h"

namespace lathe {

// 64 KiB of f32: a few of them fit a second-level cache. A multiple of every vector and of Philox' groups.
constexpr int64_t kChunkElements = 16384;

inline int64_t chunksOf(int64_t elements) { return (elements + kChunkElements - 1) / kChunkElements; }

// body(index, begin, end) for every chunk.
template <class Body>
void forChunks(int64_t elements, const Body& body) {
  parallelFor(chunksOf(elements), [&](int64_t index, int) { body(index, index * kChunkElements, std::min(elements, (index + 1) * kChunkElements)); });
}

}  // namespace lathe
