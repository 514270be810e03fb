// Entry of the addon: each op family exports its functions. The typed ledger of all of them is compute/tensor/addon.ts.
#include "glue/args.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  lathe::exportMachine(env, exports);
  lathe::exportMemory(env, exports);
  lathe::exportGemm(env, exports);
  lathe::exportGemmInt8(env, exports);
  lathe::exportDequantize(env, exports);
  lathe::exportRope(env, exports);
  lathe::exportAttention(env, exports);
  lathe::exportCrossEntropy(env, exports);
  lathe::exportNorm(env, exports);
  lathe::exportGlu(env, exports);
  lathe::exportAdamw(env, exports);
  lathe::exportElementwise(env, exports);
  lathe::exportColumns(env, exports);
  lathe::exportEmbedding(env, exports);
  lathe::exportRandom(env, exports);
  lathe::exportCausalConv(env, exports);
  lathe::exportStateSpace(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(lathe, init)
