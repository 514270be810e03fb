// Reading a call from JavaScript: tensor ids to tensors, options to numbers, and the one place that says "called wrongly".
// Glue checks types and shapes once; kernels never check and never throw.
#pragma once
#include <napi.h>

#include <stdexcept>
#include <string>

#include "core/tensors.h"

namespace lathe {

// Becomes a JavaScript Error with `code`, `op` and `problem`.
struct Misuse : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct OutOfArena : std::runtime_error {
  OutOfArena(int64_t needed) : std::runtime_error("out of arena"), bytes(needed) {}
  int64_t bytes;
};

class Call {
 public:
  Call(const Napi::CallbackInfo& info, const char* op) : info_(info), op_(op) {}

  Napi::Env env() const { return info_.Env(); }
  const char* op() const { return op_; }

  // Positional tensor argument; `name` is for the message.
  const Tensor& tensor(size_t index, const char* name) const;
  // The same, or nullptr where JavaScript passed 0 or nothing.
  const Tensor* optionalTensor(size_t index, const char* name) const;

  double number(size_t index) const { return info_[index].As<Napi::Number>().DoubleValue(); }
  int64_t integer(size_t index) const { return info_[index].As<Napi::Number>().Int64Value(); }
  std::string text(size_t index) const { return info_[index].As<Napi::String>().Utf8Value(); }
  Napi::Value value(size_t index) const { return info_[index]; }

  // Fields of the options record, which is the argument at `index`.
  double option(size_t index, const char* name) const;
  double option(size_t index, const char* name, double fallback) const;
  bool flag(size_t index, const char* name) const;
  std::string textOption(size_t index, const char* name, const char* fallback) const;
  // A tensor named by a field of the options record.
  const Tensor& tensorOption(size_t index, const char* name) const;

  void require(bool condition, const std::string& problem) const {
    if (!condition) throw Misuse(problem);
  }
  void requireType(const Tensor& tensor, const char* name, std::initializer_list<DType> allowed) const;
  void requireShape(const Tensor& tensor, const char* name, std::initializer_list<int64_t> shape) const;

 private:
  const Napi::CallbackInfo& info_;
  const char* op_;
};

using GlueFunction = Napi::Value (*)(const Call&);

// Adds `name` to the addon's exports; the wrapper turns Misuse and OutOfArena into JavaScript errors.
void exportFunction(Napi::Env env, Napi::Object exports, const char* name, GlueFunction function);

// Counts one kernel call while it lives. In a dry run `skip()` is true: the call is counted and must do nothing else.
class Zone {
 public:
  Zone(const char* op, double flops, double bytes);
  ~Zone();
  bool skip() const;

 private:
  struct Counter* counter_;
  int64_t started_;
};

// One function per op family; called by addon.cc.
void exportMachine(Napi::Env env, Napi::Object exports);
void exportMemory(Napi::Env env, Napi::Object exports);
void exportGemm(Napi::Env env, Napi::Object exports);
void exportGemmInt8(Napi::Env env, Napi::Object exports);
void exportNorm(Napi::Env env, Napi::Object exports);
void exportRope(Napi::Env env, Napi::Object exports);
void exportAttention(Napi::Env env, Napi::Object exports);
void exportGlu(Napi::Env env, Napi::Object exports);
void exportCrossEntropy(Napi::Env env, Napi::Object exports);
void exportAdamw(Napi::Env env, Napi::Object exports);
void exportElementwise(Napi::Env env, Napi::Object exports);
void exportColumns(Napi::Env env, Napi::Object exports);
void exportEmbedding(Napi::Env env, Napi::Object exports);
void exportDequantize(Napi::Env env, Napi::Object exports);
void exportRandom(Napi::Env env, Napi::Object exports);
void exportCausalConv(Napi::Env env, Napi::Object exports);
void exportStateSpace(Napi::Env env, Napi::Object exports);

}  // namespace lathe
