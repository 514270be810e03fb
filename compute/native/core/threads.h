// One pool of threads for all kernels. Work is cut by shape, never by thread count, so results do not depend on it.
#pragma once
#include <cstdint>
#include <functional>

namespace lathe {

// How many threads take part in parallelFor, the calling one included.
void setThreads(int count);
int threads();

// Calls body(index, worker) once for each index in [0, count); worker < threads() names the executing thread and may
// pick scratch memory. Which thread gets which index is not fixed: bodies must write disjoint outputs and keep every
// sum inside one index. Not reentrant; bodies must not throw.
void parallelFor(int64_t count, const std::function<void(int64_t index, int worker)>& body);

}  // namespace lathe
