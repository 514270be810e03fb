// What the machine can do, which kernels were chosen, and the settings of the engine.
#include "core/arena.h"
#include "core/cpu-features.h"
#include "core/kernel-table.h"
#include "core/parent-watch.h"
#include "core/threads.h"
#include "glue/args.h"
#include "glue/counters.h"

namespace lathe {
namespace {

Napi::Value features(const Call& call) {
  const auto names = featureNames(cpuFeatures());
  Napi::Array result = Napi::Array::New(call.env(), names.size());
  for (size_t i = 0; i < names.size(); ++i) result.Set(static_cast<uint32_t>(i), names[i]);
  return result;
}

Napi::Value bestIsaName(const Call& call) { return Napi::String::New(call.env(), isaName(bestIsa(cpuFeatures()))); }

Napi::Value listKernels(const Call& call) {
  Napi::Array result = Napi::Array::New(call.env());
  for (const KernelTableBase* table : kernelTables()) {
    for (const KernelRow& row : table->rows()) {
      Napi::Object entry = Napi::Object::New(call.env());
      entry.Set("op", table->op());
      entry.Set("name", row.name);
      entry.Set("isa", isaName(row.isa));
      entry.Set("tolerance", row.tolerance);
      entry.Set("needs", featureName(row.needs));
      entry.Set("supported", supports(cpuFeatures(), row));
      entry.Set("chosen", &row == &table->chosen());
      result.Set(result.Length(), entry);
    }
  }
  return result;
}

// bestKernel(op, isa): the row a machine whose best instruction set is `isa` would use, whatever this machine is.
Napi::Value bestKernel(const Call& call) {
  Isa isa;
  call.require(parseIsa(call.text(1), isa), "unknown instruction set");
  CpuFeatures all;
  if (isa == Isa::Neon || isa == Isa::NeonBf16) {
    all.neon = all.dotprod = all.armBf16 = true;
  } else {
    all.avx2 = all.fma = all.f16c = all.avx512f = all.avx512bw = all.avx512vl = all.avx512dq = all.avx512bf16 = all.amxTile = all.amxBf16 = true;
    all.avxvnni = all.avx512vnni = true;
  }
  for (const KernelTableBase* table : kernelTables())
    if (call.text(0) == table->op()) return Napi::String::New(call.env(), table->best(all, isa).name);
  throw Misuse("unknown op " + call.text(0));
}

Napi::Value forceKernel(const Call& call) {
  for (KernelTableBase* table : kernelTables()) {
    if (call.text(0) != table->op()) continue;
    call.require(table->force(call.text(1)), "row " + call.text(1) + " is unknown or not for this machine");
    return call.env().Undefined();
  }
  throw Misuse("unknown op " + call.text(0));
}

// configure({isa, threads, arenaLimitBytes, dryRun}): absent fields stay as they are.
Napi::Value configure(const Call& call) {
  const std::string name = call.textOption(0, "isa", "");
  Isa isa;
  if (!name.empty()) {
    call.require(parseIsa(name, isa), "unknown instruction set " + name);
    chooseKernels(isa);
  }
  const double threadCount = call.option(0, "threads", 0);
  if (threadCount > 0) setThreads(static_cast<int>(threadCount));
  const double limit = call.option(0, "arenaLimitBytes", -1);
  if (limit >= 0) arena().setLimit(static_cast<size_t>(limit));
  if (call.value(0).As<Napi::Object>().Has("dryRun")) arena().setDryRun(call.flag(0, "dryRun"));
  return call.env().Undefined();
}

Napi::Value watchParent(const Call& call) {
  endWithParent(static_cast<int>(call.number(0)));
  return call.env().Undefined();
}

}  // namespace

void exportMachine(Napi::Env env, Napi::Object exports) {
  exportFunction(env, exports, "features", features);
  exportFunction(env, exports, "bestIsa", bestIsaName);
  exportFunction(env, exports, "listKernels", listKernels);
  exportFunction(env, exports, "bestKernel", bestKernel);
  exportFunction(env, exports, "forceKernel", forceKernel);
  exportFunction(env, exports, "configure", configure);
  exportFunction(env, exports, "endWithParent", watchParent);
  exportFunction(env, exports, "counters", readCounters);
  exportFunction(env, exports, "resetCounters", resetCounters);
}

}  // namespace lathe
