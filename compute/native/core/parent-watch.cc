#include "core/parent-watch.h"

#include <atomic>
#include <chrono>
#include <thread>

#if defined(_WIN32)
#include <windows.h>
#else
#include <unistd.h>
#endif

namespace lathe {
namespace {

#if defined(_WIN32)

void watch(int parent) {
  HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(parent));
  if (process == nullptr) return;
  std::thread([process] {
    WaitForSingleObject(process, INFINITE);
    ExitProcess(0);
  }).detach();
}

#else

// An orphan is given to another parent: looking for that works on every Unix, and costs nothing.
void watch(int parent) {
  if (getppid() != parent) return;
  std::thread([parent] {
    while (getppid() == parent) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    _exit(0);
  }).detach();
}

#endif

}  // namespace

void endWithParent(int parent) {
  static std::atomic<bool> watching{false};
  if (!watching.exchange(true)) watch(parent);
}

}  // namespace lathe
