#include "glue/args.h"

#include <algorithm>

#include "core/arena.h"

namespace lathe {

const Tensor& Call::tensor(size_t index, const char* name) const {
  const Tensor* found = optionalTensor(index, name);
  if (found == nullptr) throw Misuse(std::string(name) + " is missing");
  return *found;
}

const Tensor* Call::optionalTensor(size_t index, const char* name) const {
  if (index >= info_.Length() || !info_[index].IsNumber()) return nullptr;
  const TensorId id = info_[index].As<Napi::Number>().Uint32Value();
  if (id == 0) return nullptr;
  const Tensor* found = tensors().find(id);
  if (found == nullptr) throw Misuse(std::string(name) + " was freed before this call");
  return found;
}

double Call::option(size_t index, const char* name) const {
  const Napi::Value value = info_[index].As<Napi::Object>().Get(name);
  if (!value.IsNumber()) throw Misuse(std::string("option ") + name + " is missing");
  return value.As<Napi::Number>().DoubleValue();
}

double Call::option(size_t index, const char* name, double fallback) const {
  if (index >= info_.Length() || !info_[index].IsObject()) return fallback;
  const Napi::Value value = info_[index].As<Napi::Object>().Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : fallback;
}

bool Call::flag(size_t index, const char* name) const {
  if (index >= info_.Length() || !info_[index].IsObject()) return false;
  return info_[index].As<Napi::Object>().Get(name).ToBoolean();
}

std::string Call::textOption(size_t index, const char* name, const char* fallback) const {
  if (index >= info_.Length() || !info_[index].IsObject()) return fallback;
  const Napi::Value value = info_[index].As<Napi::Object>().Get(name);
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : fallback;
}

const Tensor& Call::tensorOption(size_t index, const char* name) const {
  const Tensor* found = tensors().find(static_cast<TensorId>(option(index, name)));
  if (found == nullptr) throw Misuse(std::string("option ") + name + " names no tensor");
  return *found;
}

void Call::requireType(const Tensor& tensor, const char* name, std::initializer_list<DType> allowed) const {
  const bool packed = tensor.packed.row != nullptr;
  if (!packed && std::find(allowed.begin(), allowed.end(), tensor.dtype) != allowed.end()) return;
  throw Misuse(std::string(name) + " may not be " + (packed ? "packed" : info(tensor.dtype).name));
}

void Call::requireShape(const Tensor& tensor, const char* name, std::initializer_list<int64_t> shape) const {
  if (tensor.rank == static_cast<int>(shape.size()) && std::equal(shape.begin(), shape.end(), tensor.shape.begin())) return;
  auto show = [](const int64_t* from, size_t count) {
    std::string text = "[";
    for (size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + std::to_string(from[i]);
    return text + "]";
  };
  throw Misuse(std::string(name) + " is " + show(tensor.shape.data(), static_cast<size_t>(tensor.rank)) + ", expected " + show(shape.begin(), shape.size()));
}

namespace {

struct Export {
  const char* name;
  GlueFunction function;
};

Napi::Value invoke(const Napi::CallbackInfo& info) {
  const auto* entry = static_cast<const Export*>(info.Data());
  auto fail = [&](const char* code, const std::string& problem, int64_t bytes) -> Napi::Value {
    Napi::Error error = Napi::Error::New(info.Env(), std::string(entry->name) + ": " + problem);
    error.Set("code", code);
    error.Set("op", entry->name);
    error.Set("problem", problem);
    error.Set("needBytes", static_cast<double>(bytes));
    error.Set("limitBytes", static_cast<double>(arena().limit()));
    throw error;
  };
  try {
    return entry->function(Call(info, entry->name));
  } catch (const OutOfArena& full) {
    return fail("ARENA_FULL", "no memory", full.bytes);
  } catch (const Misuse& misuse) {
    return fail("KERNEL_MISUSE", misuse.what(), 0);
  }
}

}  // namespace

void exportFunction(Napi::Env env, Napi::Object exports, const char* name, GlueFunction function) {
  // Lives as long as the addon: one entry an exported function.
  exports.Set(name, Napi::Function::New(env, invoke, name, new Export{name, function}));
}

}  // namespace lathe
