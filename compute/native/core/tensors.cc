#include "core/tensors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/arena.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace lathe {
namespace {
int64_t totalMapped = 0;
}

struct Storage {
  void* data = nullptr;
  int64_t bytes = 0;
  bool isFile = false;
  TagUse* use = nullptr;

  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage() {
    if (data == nullptr) return;
    if (!isFile) {
      arena().release(data, static_cast<size_t>(bytes));
      use->liveBytes -= bytes;
      return;
    }
    totalMapped -= bytes;
#if defined(_WIN32)
    UnmapViewOfFile(data);
#else
    munmap(data, static_cast<size_t>(bytes));
#endif
  }
};

TensorId TensorTable::insert(Tensor tensor) {
  if (freeSlots_.empty()) {
    freeSlots_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const uint32_t index = freeSlots_.back();
  freeSlots_.pop_back();
  Slot& slot = slots_[index];
  slot.tensor = std::move(tensor);
  slot.used = true;
  ++live_;
  return (index + 1) << 8 | slot.generation;
}

static Tensor shaped(DType dtype, const std::vector<int64_t>& shape) {
  Tensor tensor;
  tensor.dtype = dtype;
  tensor.rank = static_cast<int>(shape.size());
  std::copy(shape.begin(), shape.end(), tensor.shape.begin());
  return tensor;
}

TensorId TensorTable::allocatePacked(int64_t bytes, const std::vector<int64_t>& shape, PackedInfo packed, const std::string& tag) {
  void* data = arena().allocate(static_cast<size_t>(bytes));
  if (data == nullptr) return 0;
  TagUse& use = tags_[tag];
  use.liveBytes += bytes;
  use.peakBytes = std::max(use.peakBytes, use.liveBytes);
  Tensor tensor = shaped(DType::F32, shape);
  tensor.packed = packed;
  tensor.data = data;
  tensor.storage = std::make_shared<Storage>();
  tensor.storage->data = data;
  tensor.storage->bytes = bytes;
  tensor.storage->use = &use;
  return insert(std::move(tensor));
}

TensorId TensorTable::allocate(DType dtype, const std::vector<int64_t>& shape, const std::string& tag) {
  int64_t elements = 1;
  for (int64_t size : shape) elements *= size;
  const TensorId id = allocatePacked(bytesOf(dtype, elements), shape, {}, tag);
  if (id != 0) slots_[(id >> 8) - 1].tensor.dtype = dtype;
  return id;
}

TensorId TensorTable::view(const Tensor& parent, int64_t byteOffset, DType dtype, const std::vector<int64_t>& shape) {
  Tensor tensor = shaped(dtype, shape);
  tensor.data = static_cast<unsigned char*>(parent.data) + byteOffset;
  tensor.storage = parent.storage;
  return insert(std::move(tensor));
}

TensorId TensorTable::viewOfFile(const std::shared_ptr<Storage>& file, int64_t byteOffset, DType dtype, const std::vector<int64_t>& shape) {
  Tensor tensor = shaped(dtype, shape);
  tensor.data = static_cast<unsigned char*>(file->data) + byteOffset;
  tensor.storage = file;
  return insert(std::move(tensor));
}

const Tensor* TensorTable::find(TensorId id) const {
  const uint32_t index = (id >> 8) - 1;
  if (index >= slots_.size()) return nullptr;
  const Slot& slot = slots_[index];
  return slot.used && slot.generation == (id & 0xff) ? &slot.tensor : nullptr;
}

void TensorTable::free(TensorId id) {
  if (find(id) == nullptr) return;
  Slot& slot = slots_[(id >> 8) - 1];
  slot.tensor = Tensor{};
  slot.used = false;
  ++slot.generation;
  --live_;
  freeSlots_.push_back((id >> 8) - 1);
}

void TensorTable::resetPeaks() {
  for (auto& [tag, use] : tags_) use.peakBytes = use.liveBytes;
}

TensorTable& tensors() {
  // Never destroyed: tensors that JavaScript still holds at exit must find it.
  static TensorTable* const table = new TensorTable();
  return *table;
}

std::shared_ptr<Storage> mapFile(const std::string& path, std::string& error) {
  auto storage = std::make_shared<Storage>();
  storage->isFile = true;
#if defined(_WIN32)
  HANDLE file = CreateFileA(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  LARGE_INTEGER size{};
  if (file == INVALID_HANDLE_VALUE || !GetFileSizeEx(file, &size)) return error = "cannot open " + path, nullptr;
  HANDLE mapping = CreateFileMappingA(file, nullptr, PAGE_READONLY, 0, 0, nullptr);
  void* data = mapping == nullptr ? nullptr : MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
  if (mapping != nullptr) CloseHandle(mapping);
  CloseHandle(file);
  if (data == nullptr) return error = "cannot map " + path, nullptr;
  storage->bytes = size.QuadPart;
#else
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0) {
    error = path + ": " + std::strerror(errno);
    if (file >= 0) close(file);
    return nullptr;
  }
  void* data = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (data == MAP_FAILED) return error = path + ": " + std::strerror(errno), nullptr;
  storage->bytes = status.st_size;
#endif
  storage->data = data;
  totalMapped += storage->bytes;
  return storage;
}

int64_t storageBytes(const Storage& storage) { return storage.bytes; }
int64_t mappedBytes() { return totalMapped; }

void dropPages(const Storage& storage) {
#if !defined(_WIN32)
  if (storage.isFile) madvise(storage.data, static_cast<size_t>(storage.bytes), MADV_DONTNEED);
#endif
}

}  // namespace lathe
