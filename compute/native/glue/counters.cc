// Calls, floating-point operations, bytes and time per op: what `environment.profile` prints and the plan measures.
#include <chrono>
#include <map>
#include <string>

#include "core/arena.h"
#include "glue/args.h"
#include "glue/counters.h"

namespace lathe {

struct Counter {
  int64_t calls = 0, nanoseconds = 0;
  double flops = 0, bytes = 0;
};

namespace {

using Counters = std::map<std::string, Counter, std::less<>>;

Counters& counters() {
  static Counters table;
  return table;
}

Counter& counterOf(const char* op) {
  const auto found = counters().find(op);
  return found == counters().end() ? counters()[op] : found->second;
}

int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Zone::Zone(const char* op, double flops, double bytes) : counter_(&counterOf(op)), started_(now()) {
  ++counter_->calls;
  counter_->flops += flops;
  counter_->bytes += bytes;
}

Zone::~Zone() { counter_->nanoseconds += now() - started_; }

bool Zone::skip() const { return arena().dryRun(); }

Napi::Value readCounters(const Call& call) {
  Napi::Object result = Napi::Object::New(call.env());
  for (const auto& [op, counter] : counters()) {
    Napi::Object row = Napi::Object::New(call.env());
    row.Set("calls", static_cast<double>(counter.calls));
    row.Set("flops", counter.flops);
    row.Set("bytes", counter.bytes);
    row.Set("seconds", static_cast<double>(counter.nanoseconds) * 1e-9);
    result.Set(op, row);
  }
  return result;
}

Napi::Value resetCounters(const Call& call) {
  for (auto& entry : counters()) entry.second = Counter{};
  return call.env().Undefined();
}

}  // namespace lathe
