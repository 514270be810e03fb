// Tensors by id: allocating, viewing, copying in and out, mapping files, and the memory statistics of the plan.
#include <cstring>

#include "core/arena.h"
#include "glue/args.h"

namespace lathe {
namespace {

DType dtypeOf(const Call& call, double id) {
  call.require(id >= 0 && id < static_cast<double>(DType::Count), "unknown element type");
  return static_cast<DType>(static_cast<int>(id));
}

std::vector<int64_t> shapeOf(const Call& call, const Napi::Value& value, DType dtype) {
  const Napi::Array list = value.As<Napi::Array>();
  const uint32_t rank = list.Length();
  call.require(rank <= 4, "more than four dimensions");
  std::vector<int64_t> shape;
  shape.reserve(rank);
  double elements = 1;
  for (uint32_t i = 0; i < rank; ++i) {
    const Napi::Value item = list[i];
    shape.push_back(item.As<Napi::Number>().Int64Value());
    call.require(shape.back() >= 0, "negative dimension");
    elements *= static_cast<double>(shape.back());
  }
  call.require(elements < 1e13, "too many elements");
  call.require(shape.empty() || shape.back() % info(dtype).blockElements == 0, "a row is no whole number of blocks");
  return shape;
}

int64_t bytesOfShape(DType dtype, const std::vector<int64_t>& shape) {
  int64_t elements = 1;
  for (int64_t size : shape) elements *= size;
  return bytesOf(dtype, elements);
}

// allocate(dtype, shape, tag) -> id
Napi::Value allocate(const Call& call) {
  const DType dtype = dtypeOf(call, call.number(0));
  const auto shape = shapeOf(call, call.value(1), dtype);
  const TensorId id = tensors().allocate(dtype, shape, call.text(2));
  if (id == 0) throw OutOfArena(bytesOfShape(dtype, shape));
  return Napi::Number::New(call.env(), id);
}

// view(parent, byteOffset, dtype, shape) -> id
Napi::Value view(const Call& call) {
  const Tensor parent = call.tensor(0, "parent");
  call.require(parent.packed.row == nullptr, "a packed tensor has no views");
  const int64_t offset = call.integer(1);
  const DType dtype = dtypeOf(call, call.number(2));
  const auto shape = shapeOf(call, call.value(3), dtype);
  call.require(offset >= 0 && offset + bytesOfShape(dtype, shape) <= parent.bytes(), "view outside its parent");
  return Napi::Number::New(call.env(), tensors().view(parent, offset, dtype, shape));
}

Napi::Value release(const Call& call) {
  tensors().free(call.value(0).As<Napi::Number>().Uint32Value());
  return call.env().Undefined();
}

// Raw bytes of a typed array: its element size must be the tensor's.
struct Bytes {
  unsigned char* data;
  int64_t length;
};

Bytes bytesOfTypedArray(const Call& call, size_t index, DType dtype) {
  const auto array = call.value(index).As<Napi::TypedArray>();
  const bool wide = dtype == DType::F32 || dtype == DType::I32, half = dtype == DType::F16 || dtype == DType::BF16;
  call.require(array.ElementSize() == (wide ? 4u : half ? 2u : 1u), "typed array of the wrong element size");
  return {static_cast<unsigned char*>(array.ArrayBuffer().Data()) + array.ByteOffset(), static_cast<int64_t>(array.ByteLength())};
}

// write(tensor, typedArray, byteOffset), read(tensor, typedArray, byteOffset): copies; no ArrayBuffer ever wraps native memory.
Napi::Value write(const Call& call) {
  const Tensor& target = call.tensor(0, "target");
  const Bytes source = bytesOfTypedArray(call, 1, target.dtype);
  const int64_t offset = call.integer(2);
  call.require(offset >= 0 && offset + source.length <= target.bytes() && target.packed.row == nullptr, "write outside the tensor");
  // An empty typed array may have no memory at all, which memcpy does not allow.
  if (!arena().dryRun() && source.length > 0) std::memcpy(target.as<unsigned char>() + offset, source.data, static_cast<size_t>(source.length));
  return call.env().Undefined();
}

Napi::Value read(const Call& call) {
  const Tensor& source = call.tensor(0, "source");
  const Bytes target = bytesOfTypedArray(call, 1, source.dtype);
  const int64_t offset = call.integer(2);
  call.require(offset >= 0 && offset + target.length <= source.bytes() && source.packed.row == nullptr, "read outside the tensor");
  if (!arena().dryRun() && target.length > 0) std::memcpy(target.data, source.as<unsigned char>() + offset, static_cast<size_t>(target.length));
  return call.env().Undefined();
}

// A mapped file as JavaScript holds it; unmapped when this and the last tensor over it are gone.
class MappedFile : public Napi::ObjectWrap<MappedFile> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "MappedFile", {InstanceMethod("tensor", &MappedFile::tensor), InstanceMethod("dropPages", &MappedFile::drop),
                                           InstanceMethod("close", &MappedFile::close), InstanceAccessor("bytes", &MappedFile::bytes, nullptr)});
  }
  explicit MappedFile(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    std::string error;
    storage_ = mapFile(info[0].As<Napi::String>().Utf8Value(), error);
    if (storage_ == nullptr) throw Napi::Error::New(info.Env(), error);
  }

 private:
  // tensor(byteOffset, dtype, shape) -> id
  Napi::Value tensor(const Napi::CallbackInfo& info) {
    const Call call(info, "MappedFile.tensor");
    try {
      const DType dtype = dtypeOf(call, call.number(1));
      const auto shape = shapeOf(call, call.value(2), dtype);
      const int64_t offset = call.integer(0);
      call.require(storage_ != nullptr && offset >= 0 && offset + bytesOfShape(dtype, shape) <= storageBytes(*storage_), "tensor outside its file");
      return Napi::Number::New(info.Env(), tensors().viewOfFile(storage_, offset, dtype, shape));
    } catch (const Misuse& misuse) {
      throw Napi::Error::New(info.Env(), misuse.what());
    }
  }
  Napi::Value drop(const Napi::CallbackInfo& info) {
    if (storage_ != nullptr) dropPages(*storage_);
    return info.Env().Undefined();
  }
  Napi::Value close(const Napi::CallbackInfo& info) {
    storage_.reset();
    return info.Env().Undefined();
  }
  Napi::Value bytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), storage_ == nullptr ? 0 : static_cast<double>(storageBytes(*storage_)));
  }
  std::shared_ptr<Storage> storage_;
};

Napi::Value memory(const Call& call) {
  Napi::Object result = Napi::Object::New(call.env());
  result.Set("liveTensors", static_cast<double>(tensors().live()));
  result.Set("arenaBytes", static_cast<double>(arena().liveBytes()));
  result.Set("arenaPeakBytes", static_cast<double>(arena().peakBytes()));
  result.Set("mappedBytes", static_cast<double>(mappedBytes()));
  Napi::Object tags = Napi::Object::New(call.env());
  for (const auto& [tag, use] : tensors().tags()) {
    Napi::Object row = Napi::Object::New(call.env());
    row.Set("liveBytes", static_cast<double>(use.liveBytes));
    row.Set("peakBytes", static_cast<double>(use.peakBytes));
    tags.Set(tag, row);
  }
  result.Set("tags", tags);
  return result;
}

Napi::Value resetPeaks(const Call& call) {
  arena().resetPeak();
  tensors().resetPeaks();
  return call.env().Undefined();
}

Napi::Value trim(const Call& call) {
  arena().trim();
  return call.env().Undefined();
}

}  // namespace

void exportMemory(Napi::Env env, Napi::Object exports) {
  exportFunction(env, exports, "allocate", allocate);
  exportFunction(env, exports, "view", view);
  exportFunction(env, exports, "release", release);
  exportFunction(env, exports, "write", write);
  exportFunction(env, exports, "read", read);
  exportFunction(env, exports, "memory", memory);
  exportFunction(env, exports, "resetPeaks", resetPeaks);
  exportFunction(env, exports, "trim", trim);
  exports.Set("MappedFile", MappedFile::define(env));
}

}  // namespace lathe
