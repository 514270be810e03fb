// convert: copies, converts between float types, dequantises.
#include "kernels/dequant/dequant.h"

#include "glue/args.h"

namespace lathe {
namespace {

// convert(out, input, {scale})
Napi::Value convert(const Call& call) {
  const Tensor &out = call.tensor(0, "out"), &input = call.tensor(1, "input");
  call.requireType(out, "out", {DType::F32, DType::BF16});
  call.require(input.packed.row == nullptr && input.dtype != DType::I32, "input may be neither packed nor i32");
  call.require(out.elements() == input.elements(), "out and input differ in size");
  const float scale = static_cast<float>(call.option(2, "scale", 1));
  Zone zone("convert", static_cast<double>(out.elements()), static_cast<double>(out.bytes() + input.bytes()));
  if (!zone.skip()) convertElements(out.dtype, out.data, input.dtype, input.data, out.elements(), scale);
  return call.env().Undefined();
}

}  // namespace

void exportDequantize(Napi::Env env, Napi::Object exports) {
  dequantTable();
  exportFunction(env, exports, "convert", convert);
}

}  // namespace lathe
