// The table behind the opaque tensor ids that JavaScript holds: what an id points at, and who owns the memory.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/dtype.h"

namespace lathe {

using TensorId = uint32_t;

// A block of the arena or a mapped file; freed when the last tensor over it goes.
struct Storage;

// Weights re-laid into the panels of one GEMM row; only GEMM can read them. See kernels/gemm/gemm.h.
struct PackedInfo {
  const char* row = nullptr;  // kernel row whose layout this is; nullptr: an ordinary tensor
  bool transposed = false;
};

// Contiguous, row-major, outermost dimension first.
struct Tensor {
  void* data = nullptr;
  DType dtype = DType::F32;
  int rank = 0;
  std::array<int64_t, 4> shape{1, 1, 1, 1};
  PackedInfo packed;
  std::shared_ptr<Storage> storage;

  int64_t elements() const { return shape[0] * shape[1] * shape[2] * shape[3]; }
  int64_t columns() const { return rank == 0 ? 1 : shape[rank - 1]; }
  int64_t rows() const { return columns() == 0 ? 0 : elements() / columns(); }
  int64_t bytes() const { return bytesOf(dtype, elements()); }
  template <class T>
  T* as() const { return static_cast<T*>(data); }
};

struct TagUse {
  int64_t liveBytes = 0, peakBytes = 0;
};

class TensorTable {
 public:
  // 0 when there is no memory. `tag` names the part of the plan the bytes count to.
  TensorId allocate(DType dtype, const std::vector<int64_t>& shape, const std::string& tag);
  // As allocate, of `bytes` bytes, for packed weights.
  TensorId allocatePacked(int64_t bytes, const std::vector<int64_t>& shape, PackedInfo packed, const std::string& tag);
  // A tensor inside another one's memory. The caller has checked the bounds.
  TensorId view(const Tensor& parent, int64_t byteOffset, DType dtype, const std::vector<int64_t>& shape);
  TensorId viewOfFile(const std::shared_ptr<Storage>& file, int64_t byteOffset, DType dtype, const std::vector<int64_t>& shape);
  void free(TensorId id);
  // nullptr for an id that is not live: freed, or never given out.
  const Tensor* find(TensorId id) const;
  int64_t live() const { return live_; }
  const std::map<std::string, TagUse>& tags() const { return tags_; }
  void resetPeaks();

 private:
  friend struct Storage;
  TensorId insert(Tensor tensor);
  struct Slot {
    Tensor tensor;
    uint8_t generation = 0;
    bool used = false;
  };
  std::vector<Slot> slots_;
  std::vector<uint32_t> freeSlots_;
  std::map<std::string, TagUse> tags_;
  int64_t live_ = 0;
};

TensorTable& tensors();

// Read-only map of a whole file. Null with `error` set when it cannot be had.
std::shared_ptr<Storage> mapFile(const std::string& path, std::string& error);
int64_t storageBytes(const Storage& storage);
int64_t mappedBytes();
// Drops a mapped file's resident pages; they come back from disk on the next touch.
void dropPages(const Storage& storage);

}  // namespace lathe
