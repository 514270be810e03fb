// The two exported functions over the kernel counters.
#pragma once
#include "glue/args.h"

namespace lathe {
Napi::Value readCounters(const Call& call);
Napi::Value resetCounters(const Call& call);
}  // namespace lathe
