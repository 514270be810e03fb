// Cross-entropy as the formula has it, in double. The oracle of the other rows.
#include <math.h>

#include "kernels/cross-entropy/cross-entropy.h"

namespace lathe {
namespace {

double bent(double logit, double softcap) { return softcap == 0 ? logit : softcap * tanh(logit / softcap); }

}  // namespace

void crossEntropyRef(const CrossEntropyCall& call, int64_t row) {
  const float* logits = call.logits + row * call.columns;
  const int32_t label = call.labels[row];
  int64_t best = 0;
  for (int64_t i = 1; i < call.columns; ++i)
    if (logits[i] > logits[best]) best = i;
  if (call.best != nullptr) call.best[row] = static_cast<int32_t>(best);
  const double largest = bent(logits[best], call.softcap);
  double sum = 0;
  for (int64_t i = 0; i < call.columns; ++i) sum += exp(bent(logits[i], call.softcap) - largest);
  call.loss[row] = label < 0 ? 0 : static_cast<float>(largest + log(sum) - bent(logits[label], call.softcap));
  if (call.gradScale == 0) return;
  for (int64_t i = 0; i < call.columns; ++i) {
    const double z = bent(logits[i], call.softcap), ratio = call.softcap == 0 ? 0 : z / call.softcap;
    const double gradient = exp(z - largest) / sum - (i == label ? 1 : 0);
    set(call.gradient, row * call.columns + i, label < 0 ? 0 : static_cast<float>(gradient * call.gradScale * (1 - ratio * ratio)));
  }
}

}  // namespace lathe
