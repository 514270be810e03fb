#include "core/threads.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace lathe {
namespace {

class Pool {
 public:
  explicit Pool(int workers) {
    for (int worker = 1; worker <= workers; ++worker) helpers_.emplace_back([this, worker] { serve(worker); });
  }

  ~Pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& helper : helpers_) helper.join();
  }

  void run(int64_t count, const std::function<void(int64_t, int)>& body) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      body_ = &body;
      count_ = count;
      next_.store(0, std::memory_order_relaxed);
      busy_.store(static_cast<int>(helpers_.size()), std::memory_order_relaxed);
      generation_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    work(0);
    // The tail of a kernel is short: spin a little before giving the core away.
    for (int spin = 0; busy_.load(std::memory_order_acquire) != 0; ++spin)
      if (spin > kSpins) std::this_thread::yield();
  }

 private:
  static constexpr int kSpins = 2000;

  void work(int worker) {
    for (int64_t index; (index = next_.fetch_add(1, std::memory_order_relaxed)) < count_;) (*body_)(index, worker);
  }

  void serve(int worker) {
    uint64_t seen = 0;
    while (true) {
      for (int spin = 0; spin < kSpins && generation_.load(std::memory_order_acquire) == seen; ++spin) {
      }
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return stopping_ || generation_.load(std::memory_order_relaxed) != seen; });
        if (stopping_) return;
        seen = generation_.load(std::memory_order_relaxed);
      }
      work(worker);
      busy_.fetch_sub(1, std::memory_order_release);
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::thread> helpers_;
  const std::function<void(int64_t, int)>* body_ = nullptr;
  int64_t count_ = 0;
  std::atomic<int64_t> next_{0};
  std::atomic<int> busy_{0};
  std::atomic<uint64_t> generation_{0};
  bool stopping_ = false;
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
