// A block of the arena for the length of one call. Counted in a dry run like any other, so the plan sees it.
#pragma once
#include "core/arena.h"
#include "glue/args.h"

namespace lathe {

class ScratchBlock {
 public:
  explicit ScratchBlock(int64_t bytes) : bytes_(static_cast<size_t>(bytes)), data_(bytes == 0 ? nullptr : arena().allocate(bytes_)) {
    if (bytes != 0 && data_ == nullptr) throw OutOfArena(bytes);
  }
  ~ScratchBlock() {
    if (data_ != nullptr) arena().release(data_, bytes_);
  }
  ScratchBlock(const ScratchBlock&) = delete;
  ScratchBlock& operator=(const ScratchBlock&) = delete;

  // Aligned to Arena::kAlignment; nullptr where no bytes were asked for.
  void* data() const { return data_; }

 private:
  size_t bytes_;
  void* data_;
};

}  // namespace lathe
