// The memory that tensors live in: one reserved address range, committed as it grows, never malloc.
// (Under Electron malloc is Chromium's and one block of 2 GiB kills the process.)
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>

namespace lathe {

class Arena {
 public:
  static constexpr size_t kAlignment = 64;

  // 64-byte aligned; nullptr when the limit or the machine is exhausted. Lowest fitting address first, so that the
  // touched part of the range (what the process's memory shows) stays close to the high-water mark.
  void* allocate(size_t bytes);
  void release(void* block, size_t bytes);

  // Upper bound in bytes for what may be live at once. 0: what the machine gives.
  void setLimit(size_t bytes) { limit_ = bytes; }
  size_t limit() const { return limit_; }

  size_t liveBytes() const { return live_; }
  // Highest address ever handed out since the last reset, as an offset: an upper bound of the arena's resident memory.
  size_t peakBytes() const { return peak_; }
  void resetPeak() { peak_ = end_; }
  // Gives free pages back to the operating system.
  void trim();

  // In a dry run addresses are handed out and nothing is committed: kernels do not run, so nothing is touched.
  void setDryRun(bool dry) { dryRun_ = dry; }
  bool dryRun() const { return dryRun_; }

 private:
  bool reserve();
  bool commit(size_t end);
  void addHole(size_t offset, size_t bytes);

  unsigned char* base_ = nullptr;
  size_t reserved_ = 0, committed_ = 0, end_ = 0, live_ = 0, peak_ = 0, limit_ = 0;
  bool dryRun_ = false;
  std::map<size_t, size_t> holes_;  // offset -> bytes; neighbours are always merged
};

Arena& arena();

}  // namespace lathe
