// Rows of tables by number. No rows of their own: they run on those of "dequantize" and "elementwise", or are copies.
//   embeddingForward    out[t] = table[ids[t]] · scale       table of any stored type, widened to f32 first
//   embeddingBackward   dtable[ids[t]] += dy[t] · scale      in order of t, also where an id comes twice
//   gatherRows          out[i] = x[rows[i]]
//   scatterRows         out[rows[i]] = x[i]                  in order of i
// Ids are within the table: rowsAreWithin says so. Nothing overlaps.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

struct EmbeddingForward {
  FloatArray out;  // [count, columns], f32 or bf16
  const void* table;
  DType tableType;
  const int32_t* ids;
  int64_t count, columns;
  float scale;
};

struct EmbeddingBackward {
  float* dtable;
  FloatArray dy;  // [count, columns], f32 or bf16
  const int32_t* ids;
  int64_t count, columns;
  float scale;
};

struct CopyRows {
  unsigned char* out;
  const unsigned char* x;
  const int32_t* rows;
  int64_t count, rowBytes;
};

bool rowsAreWithin(const int32_t* rows, int64_t count, int64_t limit);
void embeddingForward(const EmbeddingForward& args);
void embeddingBackward(const EmbeddingBackward& args);
void gatherRows(const CopyRows& args);
void scatterRows(const CopyRows& args);

}  // namespace lathe
