// AdamW, decoupled weight decay (Loshchilov & Hutter 2019), in the order and the roundings of torch.optim.AdamW on f32:
//   g = grad · gradScale
//   param = param · decay                      decay = 1 - learningRate · weightDecay
//   m = m + (1 - beta1) · (g - m)
//   v = v · beta2 + ((1 - beta2) · g) · g
//   param = param - stepSize · m / (√v / rootBias2 + epsilon)     stepSize = learningRate / (1 - beta1^step), rootBias2 = √(1 - beta2^step)
// Every step is one IEEE operation, never fused, so all rows give the same bits. Nothing overlaps.
#pragma once
#include <stdint.h>

namespace lathe {

template <class Fn>
class KernelTable;

// Worked out in f64, then rounded once.
struct AdamwScalars {
  float gradScale, decay, oneMinusBeta1, beta2, oneMinusBeta2, rootBias2, epsilon, stepSize;
};

struct AdamwArrays {
  float* param;
  const float* grad;
  float *m, *v;
};

using AdamwRow = void (*)(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end);
const KernelTable<AdamwRow>& adamwTable();

// With the chosen row, cut over the threads.
void adamw(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t elements);

void adamwRef(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end);
void adamwAvx2(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end);
void adamwAvx512(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end);
void adamwNeon(const AdamwArrays& arrays, const AdamwScalars& scalars, int64_t begin, int64_t end);

}  // namespace lathe
