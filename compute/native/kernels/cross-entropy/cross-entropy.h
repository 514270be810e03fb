// Cross-entropy over rows of logits, with its gradient:
//   z = softcap · tanh(logit / softcap) where asked for, else logit
//   loss = log Σ exp(z) - z[label];  gradient = (softmax(z) - onehot(label)) · gradScale · dz/dlogit   where gradScale is not 0
// A negative label is not graded: loss 0, gradient 0. best = first index of the largest logit.
#pragma once
#include <cstdint>

#include "core/kernel-table.h"
#include "kernels/simd/float-array.h"

namespace lathe {

struct CrossEntropyCall {
  const float* logits;    // [rows, columns]
  FloatArray gradient;    // like logits, F32 or BF16; may be logits themselves
  const int32_t* labels;  // [rows], below columns
  float* loss;            // [rows]
  int32_t* best;          // [rows] or nullptr
  int64_t rows, columns;
  float gradScale, softcap;  // 0: none
};

// One row; all its sums are made here, in an order that depends on the number of columns alone.
using CrossEntropyRow = void (*)(const CrossEntropyCall&, int64_t row);

KernelTable<CrossEntropyRow>& crossEntropyTable();
void crossEntropy(const CrossEntropyCall& call);

}  // namespace lathe
