// adamw: checks, and the scalars of one step.
#include "kernels/adamw/adamw.h"

#include <cmath>

#include "core/kernel-table.h"
#include "glue/args.h"

namespace lathe {
namespace {

AdamwScalars scalarsOf(const Call& call, size_t options) {
  const double learningRate = call.option(options, "learningRate"), step = call.option(options, "step");
  const double beta1 = call.option(options, "beta1"), beta2 = call.option(options, "beta2");
  call.require(step >= 1, "step counts from 1");
  AdamwScalars s;
  s.gradScale = static_cast<float>(call.option(options, "gradScale", 1));
  s.decay = static_cast<float>(1 - learningRate * call.option(options, "weightDecay"));
  s.oneMinusBeta1 = static_cast<float>(1 - beta1);
  s.beta2 = static_cast<float>(beta2);
  s.oneMinusBeta2 = static_cast<float>(1 - beta2);
  s.rootBias2 = static_cast<float>(std::sqrt(1 - std::pow(beta2, step)));
  s.epsilon = static_cast<float>(call.option(options, "epsilon"));
  s.stepSize = static_cast<float>(learningRate / (1 - std::pow(beta1, step)));
  return s;
}

// adamw(param, grad, m, v, {learningRate, beta1, beta2, epsilon, weightDecay, step, gradScale})
Napi::Value update(const Call& call) {
  const Tensor &param = call.tensor(0, "param"), &grad = call.tensor(1, "grad"), &m = call.tensor(2, "m"), &v = call.tensor(3, "v");
  const Tensor* all[] = {&param, &grad, &m, &v};
  const char* names[] = {"param", "grad", "m", "v"};
  for (int i = 0; i < 4; ++i) {
    call.requireType(*all[i], names[i], {DType::F32});
    call.require(all[i]->elements() == param.elements(), std::string(names[i]) + " differs from param in size");
  }
  const AdamwScalars scalars = scalarsOf(call, 4);
  Zone zone("adamw", 14.0 * static_cast<double>(param.elements()), 7.0 * static_cast<double>(param.bytes()));
  if (!zone.skip()) adamw({param.as<float>(), grad.as<float>(), m.as<float>(), v.as<float>()}, scalars, param.elements());
  return call.env().Undefined();
}

}  // namespace

void exportAdamw(Napi::Env env, Napi::Object exports) {
  adamwTable();
  exportFunction(env, exports, "adamw", update);
}

}  // namespace lathe
