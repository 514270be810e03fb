// Where the packed rows of a batch begin, read from the layout tensor that JavaScript passes.
#pragma once
#include "core/arena.h"
#include "glue/args.h"

namespace lathe {

struct Segments {
  const int32_t* offsets;  // [count + 1]
  int64_t count;
};

// Checks type and, but for a dry run, in which tensors hold nothing, that the offsets rise within `rows`.
inline Segments segmentsOf(const Call& call, const Tensor& tensor, int64_t rows) {
  call.requireType(tensor, "segments", {DType::I32});
  call.require(tensor.elements() > 0, "segments is empty");
  const Segments segments = {tensor.as<int32_t>(), tensor.elements() - 1};
  if (arena().dryRun()) return segments;
  call.require(segments.offsets[0] >= 0 && segments.offsets[segments.count] <= rows, "a segment lies outside of the rows");
  for (int64_t s = 0; s < segments.count; ++s) call.require(segments.offsets[s] <= segments.offsets[s + 1], "a segment ends before it starts");
  return segments;
}

}  // namespace lathe
