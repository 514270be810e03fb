// embeddingForward, embeddingBackward, gatherRows, scatterRows: checks, the ids' range among them.
#include "kernels/embedding/embedding.h"

#include "glue/args.h"

namespace lathe {
namespace {

void requireIds(const Call& call, const Tensor& ids, const char* name, int64_t count) {
  call.requireType(ids, name, {DType::I32});
  call.require(ids.elements() == count, std::string(name) + " is of another length than there are rows");
}

// Only once it is known that this is no dry run: their values are not there then.
void requireWithin(const Call& call, const Tensor& ids, const char* name, int64_t limit) {
  call.require(rowsAreWithin(ids.as<int32_t>(), ids.elements(), limit), std::string(name) + " names a row outside the table");
}

// embeddingForward(out, table, ids, {scale})
Napi::Value forward(const Call& call) {
  const Tensor &out = call.tensor(0, "out"), &table = call.tensor(1, "table"), &ids = call.tensor(2, "ids");
  call.requireType(out, "out", {DType::F32, DType::BF16});
  call.require(table.packed.row == nullptr && table.dtype != DType::I32 && table.rank == 2, "table is packed, i32 or no matrix");
  call.require(out.columns() == table.columns(), "rows of out and table differ in length");
  requireIds(call, ids, "ids", out.rows());
  const EmbeddingForward args = {{out.data, out.dtype}, table.data,    table.dtype, ids.as<int32_t>(), out.rows(),
                                 out.columns(),         static_cast<float>(call.option(3, "scale", 1))};
  Zone zone("embedding_forward", static_cast<double>(out.elements()), static_cast<double>(out.bytes() + bytesOf(table.dtype, out.elements())));
  if (zone.skip()) return call.env().Undefined();
  requireWithin(call, ids, "ids", table.rows());
  embeddingForward(args);
  return call.env().Undefined();
}

// embeddingBackward(dtable, dy, ids, {scale})
Napi::Value backward(const Call& call) {
  const Tensor &dtable = call.tensor(0, "dtable"), &dy = call.tensor(1, "dy"), &ids = call.tensor(2, "ids");
  call.requireType(dtable, "dtable", {DType::F32});
  call.requireType(dy, "dy", {DType::F32, DType::BF16});
  call.require(dy.columns() == dtable.columns(), "rows of dy and dtable differ in length");
  requireIds(call, ids, "ids", dy.rows());
  const EmbeddingBackward args = {dtable.as<float>(), {dy.data, dy.dtype}, ids.as<int32_t>(), dy.rows(), dy.columns(),
                                  static_cast<float>(call.option(3, "scale", 1))};
  Zone zone("embedding_backward", 2.0 * static_cast<double>(dy.elements()), static_cast<double>(dy.bytes() + 8 * dy.elements()));
  if (zone.skip()) return call.env().Undefined();
  requireWithin(call, ids, "ids", dtable.rows());
  embeddingBackward(args);
  return call.env().Undefined();
}

// Of both copies: `packed` [R, C] has a row for each number, `table` is what the numbers name rows of.
void requireCopy(const Call& call, const Tensor& packed, const Tensor& table, const Tensor& rows) {
  call.require(packed.packed.row == nullptr && table.packed.row == nullptr && packed.dtype == table.dtype, "out and x differ in type or are packed");
  call.require(packed.columns() == table.columns(), "rows of out and x differ in length");
  call.require(packed.data != table.data || packed.elements() == 0, "out is also x");
  requireIds(call, rows, "rows", packed.rows());
}

// gatherRows(out, x, rows)
Napi::Value gather(const Call& call) {
  const Tensor &out = call.tensor(0, "out"), &x = call.tensor(1, "x"), &rows = call.tensor(2, "rows");
  requireCopy(call, out, x, rows);
  Zone zone("gather_rows", 0, 2.0 * static_cast<double>(out.bytes()));
  if (zone.skip()) return call.env().Undefined();
  requireWithin(call, rows, "rows", x.rows());
  gatherRows({out.as<unsigned char>(), x.as<unsigned char>(), rows.as<int32_t>(), out.rows(), bytesOf(out.dtype, out.columns())});
  return call.env().Undefined();
}

// scatterRows(out, x, rows)
Napi::Value scatter(const Call& call) {
  const Tensor &out = call.tensor(0, "out"), &x = call.tensor(1, "x"), &rows = call.tensor(2, "rows");
  requireCopy(call, x, out, rows);
  Zone zone("scatter_rows", 0, 2.0 * static_cast<double>(x.bytes()));
  if (zone.skip()) return call.env().Undefined();
  requireWithin(call, rows, "rows", out.rows());
  scatterRows({out.as<unsigned char>(), x.as<unsigned char>(), rows.as<int32_t>(), x.rows(), bytesOf(x.dtype, x.columns())});
  return call.env().Undefined();
}

}  // namespace

void exportEmbedding(Napi::Env env, Napi::Object exports) {
  exportFunction(env, exports, "embeddingForward", forward);
  exportFunction(env, exports, "embeddingBackward", backward);
  exportFunction(env, exports, "gatherRows", gather);
  exportFunction(env, exports, "scatterRows", scatter);
}

}  // namespace lathe
