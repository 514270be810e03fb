#include "core/arena.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#if defined(_WIN32)
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace lathe {
namespace {

constexpr size_t kGiB = size_t(1) << 30;
constexpr size_t kCommitStep = size_t(64) << 20;

size_t roundUp(size_t value, size_t step) { return (value + step - 1) / step * step; }

void* reserveRange(size_t bytes) {
#if defined(_WIN32)
  return VirtualAlloc(nullptr, bytes, MEM_RESERVE, PAGE_NOACCESS);
#else
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#ifdef MAP_NORESERVE
  flags |= MAP_NORESERVE;
#endif
  void* base = mmap(nullptr, bytes, PROT_NONE, flags, -1, 0);
  return base == MAP_FAILED ? nullptr : base;
#endif
}

// Large pages where the system has them to give: a step walks through hundreds of megabytes, and each first touch of a small page is a fault.
bool commitRange(void* start, size_t bytes) {
#if defined(_WIN32)
  return VirtualAlloc(start, bytes, MEM_COMMIT, PAGE_READWRITE) != nullptr;
#else
  if (mprotect(start, bytes, PROT_READ | PROT_WRITE) != 0) return false;
#if defined(MADV_HUGEPAGE)
  madvise(start, bytes, MADV_HUGEPAGE);
#endif
  return true;
#endif
}

void discardRange(void* start, size_t bytes) {
#if defined(_WIN32)
  VirtualAlloc(start, bytes, MEM_RESET, PAGE_READWRITE);
#elif defined(__APPLE__)
  madvise(start, bytes, MADV_FREE);
#else
  madvise(start, bytes, MADV_DONTNEED);
#endif
}

// With LATHE_ARENA_POISON=1 fresh blocks hold NaN patterns, so that a read of memory nobody wrote shows.
bool poisonWanted() {
  static const bool wanted = std::getenv("LATHE_ARENA_POISON") != nullptr;
  return wanted;
}

}  // namespace

bool Arena::reserve() {
  for (size_t gib = 512; gib >= 4 && base_ == nullptr; gib /= 2) {
    base_ = static_cast<unsigned char*>(reserveRange(gib * kGiB));
    reserved_ = gib * kGiB;
  }
  return base_ != nullptr;
}

bool Arena::commit(size_t end) {
  if (dryRun_ || end <= committed_) return true;
  const size_t target = std::min(roundUp(end, kCommitStep), reserved_);
  if (!commitRange(base_ + committed_, target - committed_)) return false;
  committed_ = target;
  return true;
}

void* Arena::allocate(size_t bytes) {
  if (base_ == nullptr && !reserve()) return nullptr;
  bytes = roundUp(std::max<size_t>(bytes, 1), kAlignment);
  if (limit_ != 0 && live_ + bytes > limit_) return nullptr;
  size_t offset = end_;
  const auto hole = std::find_if(holes_.begin(), holes_.end(), [&](const auto& h) { return h.second >= bytes; });
  if (hole != holes_.end()) {
    auto taken = holes_.extract(hole);
    offset = taken.key();
    taken.key() += bytes;
    taken.mapped() -= bytes;
    if (taken.mapped() > 0) holes_.insert(std::move(taken));  // what is left of it
  } else if (offset + bytes > reserved_) {
    return nullptr;
  }
  if (!commit(offset + bytes)) {
    if (offset != end_) addHole(offset, bytes);
    return nullptr;
  }
  end_ = std::max(end_, offset + bytes);
  live_ += bytes;
  peak_ = std::max(peak_, end_);
  void* block = base_ + offset;
  if (poisonWanted() && !dryRun_) std::memset(block, 0xff, bytes);
  return block;
}

void Arena::release(void* block, size_t bytes) {
  bytes = roundUp(std::max<size_t>(bytes, 1), kAlignment);
  live_ -= bytes;
  addHole(static_cast<size_t>(static_cast<unsigned char*>(block) - base_), bytes);
}

void Arena::addHole(size_t offset, size_t bytes) {
  auto next = holes_.lower_bound(offset);
  if (next != holes_.end() && next->first == offset + bytes) {
    bytes += next->second;
    next = holes_.erase(next);
  }
  if (next != holes_.begin()) {
    const auto previous = std::prev(next);
    if (previous->first + previous->second == offset) {
      offset = previous->first;
      bytes += previous->second;
      holes_.erase(previous);
    }
  }
  if (offset + bytes == end_) {
    end_ = offset;
  } else {
    holes_.emplace(offset, bytes);
  }
}

void Arena::trim() {
  constexpr size_t kPage = 65536;
  auto discard = [&](size_t from, size_t to) {
    from = roundUp(from, kPage);
    to = std::min(to, committed_) / kPage * kPage;
    if (from < to) discardRange(base_ + from, to - from);
  };
  for (const auto& [offset, bytes] : holes_) discard(offset, offset + bytes);
  discard(end_, committed_);
}

Arena& arena() {
  // Never destroyed: tensors that JavaScript still holds at exit must find it.
  static Arena* const instance = new Arena();
  return *instance;
}

}  // namespace lathe
