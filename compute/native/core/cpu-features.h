// What this CPU and operating system let a program execute, and the instruction-set ladder that kernels are rows of.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lathe {

// Ordered: a higher rung contains the lower ones of its own architecture; all of ARM's stand below x86's.
enum class Isa : uint8_t { Ref, Neon, NeonBf16, Avx2, Avx512, Avx512Bf16, Amx };

struct CpuFeatures {
  bool neon = false, avx2 = false, fma = false, f16c = false;
  bool avx512f = false, avx512bw = false, avx512vl = false, avx512dq = false, avx512bf16 = false, avx512vnni = false;
  bool avxvnni = false;  // 256-bit vpdpbusd without AVX-512: laptops
  bool amxTile = false, amxBf16 = false;
  bool dotprod = false;  // sdot: ARMv8.2's option, most cores since 2018
  bool armBf16 = false;  // bfmmla: ARMv8.6, an option before
};

// One of the flags above: what a kernel row may need besides its rung of the ladder.
using CpuFeature = bool CpuFeatures::*;

// x86: CPUID, the OS's register state (XCR0) and, for AMX, the kernel's permission, which this asks for once. ARM: what the OS says.
const CpuFeatures& cpuFeatures();

bool supports(const CpuFeatures& features, Isa isa);
Isa bestIsa(const CpuFeatures& features);
const char* isaName(Isa isa);
bool parseIsa(const std::string& name, Isa& isa);
std::vector<std::string> featureNames(const CpuFeatures& features);
// The name of one feature, "" for nullptr.
const char* featureName(CpuFeature feature);

}  // namespace lathe
