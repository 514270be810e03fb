// scaleColumns, columnDots: checks, and scratch for the partial sums.
#include "kernels/columns/columns.h"

#include "core/kernel-table.h"
#include "glue/args.h"
#include "glue/scratch.h"

namespace lathe {
namespace {

FloatArray floatsLike(const Call& call, const Tensor& tensor, const char* name, const Tensor& like) {
  call.requireType(tensor, name, {DType::F32, DType::BF16});
  call.require(tensor.columns() == like.columns() && tensor.elements() == like.elements(), std::string(name) + " has another shape");
  return {tensor.data, tensor.dtype};
}

void requireVector(const Call& call, const Tensor& vector, const char* name, const Tensor& matrix) {
  call.requireType(vector, name, {DType::F32});
  call.require(vector.elements() == matrix.columns(), std::string(name) + " has another length than the matrix has columns");
}

// scaleColumns(out, x, scale, add); add may be 0
Napi::Value scaleColumnsCall(const Call& call) {
  const Tensor &out = call.tensor(0, "out"), &x = call.tensor(1, "x"), &scale = call.tensor(2, "scale");
  const Tensor* add = call.optionalTensor(3, "add");
  requireVector(call, scale, "scale", out);
  const ScaleColumns args = {floatsLike(call, out, "out", out),
                             floatsLike(call, x, "x", out),
                             add == nullptr ? FloatArray{nullptr, DType::F32} : floatsLike(call, *add, "add", out),
                             scale.as<float>(),
                             out.rows(),
                             out.columns()};
  Zone zone("scale_columns", (add == nullptr ? 1.0 : 2.0) * static_cast<double>(out.elements()),
            static_cast<double>(out.bytes() + x.bytes() + (add == nullptr ? 0 : add->bytes())));
  if (!zone.skip()) scaleColumns(args);
  return call.env().Undefined();
}

// columnDots(sums, a, b)
Napi::Value columnDotsCall(const Call& call) {
  const Tensor &sums = call.tensor(0, "sums"), &a = call.tensor(1, "a"), &b = call.tensor(2, "b");
  const ColumnDots args = {floatsLike(call, a, "a", a), floatsLike(call, b, "b", a), a.rows(), a.columns()};
  requireVector(call, sums, "sums", a);
  Zone zone("column_dots", 2.0 * static_cast<double>(a.elements()), static_cast<double>(a.bytes() + b.bytes()));
  const ScratchBlock partials(columnDotsPartialBytes(a.rows(), a.columns()));
  if (!zone.skip()) columnDots(args, sums.as<float>(), static_cast<float*>(partials.data()));
  return call.env().Undefined();
}

}  // namespace

void exportColumns(Napi::Env env, Napi::Object exports) {
  columnsTable();
  exportFunction(env, exports, "scaleColumns", scaleColumnsCall);
  exportFunction(env, exports, "columnDots", columnDotsCall);
}

}  // namespace lathe
