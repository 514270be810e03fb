#include "core/threads.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace lathe {
namespace {

// Tells the core that this is a wait: it costs a neighbour on the same core less.
inline void pauseBriefly() {
#if defined(LATHE_X86)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Each thread starts on a run of neighbouring indexes, so that what it has packed or read serves the next one too, and helps the others
// when its own run is done: a thread whose core is taken by another program holds nobody up for longer than one index.
class Pool {
 public:
  explicit Pool(int helpers) : runs_(static_cast<size_t>(helpers) + 1) {
    for (int worker = 1; worker <= helpers; ++worker) helpers_.emplace_back([this, worker] { serve(worker); });
  }

  ~Pool() {
    stopping_.store(true);
    announce();
    for (auto& helper : helpers_) helper.join();
  }

  void run(int64_t count, const std::function<void(int64_t, int)>& body) {
    body_ = &body;
    const auto workers = static_cast<int64_t>(runs_.size());
    for (int64_t worker = 0; worker < workers; ++worker) {
      Run& own = runs_[static_cast<size_t>(worker)];
      own.next.store(count * worker / workers, std::memory_order_relaxed);
      own.end = count * (worker + 1) / workers;
    }
    inside_.store(0, std::memory_order_release);
    announce();
    work(0);
    // All indexes are given out. Whoever took none is not waited for; the tail of those inside is short, so spin before giving the core away.
    for (int spin = 0; !close(); ++spin) {
      if (spin < kSpins) {
        pauseBriefly();
      } else {
        std::this_thread::yield();
      }
    }
  }

 private:
  static constexpr int kSpins = 2000;  // of 40 to 140 cycles each: longer than the JavaScript between two kernels takes

  struct alignas(64) Run {
    std::atomic<int64_t> next{0};
    int64_t end = 0;
  };

  // A helper whose core is taken by another program may come late: it finds the door closed, and `body_` is not read again.
  static constexpr int kClosed = -1;
  bool enter() {
    int inside = inside_.load(std::memory_order_relaxed);
    while (inside != kClosed)
      if (inside_.compare_exchange_weak(inside, inside + 1, std::memory_order_acquire)) return true;
    return false;
  }
  void leave() { inside_.fetch_sub(1, std::memory_order_release); }
  bool close() {
    int nobody = 0;
    return inside_.compare_exchange_strong(nobody, kClosed, std::memory_order_acquire);
  }

  // The generation is raised before the sleepers are counted, and a helper counts itself before it looks at the generation: one of them
  // sees the other, so no helper sleeps through an announcement.
  void announce() {
    generation_.fetch_add(1);
    if (sleepers_.load() == 0) return;
    std::lock_guard<std::mutex> lock(mutex_);
    wake_.notify_all();
  }

  void work(int worker) {
    const int workers = static_cast<int>(runs_.size());
    for (int turn = 0; turn < workers; ++turn) {
      Run& run = runs_[static_cast<size_t>((worker + turn) % workers)];
      for (int64_t index; (index = run.next.fetch_add(1, std::memory_order_relaxed)) < run.end;) (*body_)(index, worker);
    }
  }

  void serve(int worker) {
    for (uint64_t seen = 0;;) {
      for (int spin = 0; spin < kSpins && generation_.load(std::memory_order_acquire) == seen; ++spin) pauseBriefly();
      if (generation_.load() == seen) sleep(seen);
      seen = generation_.load();
      if (stopping_.load()) return;
      if (!enter()) continue;
      work(worker);
      leave();
    }
  }

  void sleep(uint64_t seen) {
    sleepers_.fetch_add(1);
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return generation_.load() != seen; });
    }
    sleepers_.fetch_sub(1);
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::thread> helpers_;
  std::vector<Run> runs_;
  const std::function<void(int64_t, int)>* body_ = nullptr;
  std::atomic<int> inside_{kClosed}, sleepers_{0};
  std::atomic<uint64_t> generation_{0};
  std::atomic<bool> stopping_{false};
};

std::unique_ptr<Pool> pool;
int threadCount = 1;

}  // namespace

void setThreads(int count) {
  pool.reset();
  threadCount = count < 1 ? 1 : count;
  if (threadCount > 1) pool = std::make_unique<Pool>(threadCount - 1);
}

int threads() { return threadCount; }

void parallelFor(int64_t count, const std::function<void(int64_t, int)>& body) {
  if (pool == nullptr || count < 2) {
    for (int64_t index = 0; index < count; ++index) body(index, 0);
    return;
  }
  pool->run(count, body);
}

}  // namespace lathe
