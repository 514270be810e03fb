#include "core/cpu-features.h"

#if defined(__x86_64__) || defined(_M_X64)
#ifndef LATHE_X86
#define LATHE_X86 1
#endif
#if defined(_MSC_VER)
#include <intrin.h>
#else
#include <cpuid.h>
#endif
#endif
#if defined(__linux__) && defined(LATHE_X86)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace lathe {
namespace {

#ifdef LATHE_X86
struct Registers {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Registers cpuid(uint32_t leaf, uint32_t subleaf) {
  Registers r;
#if defined(_MSC_VER)
  int out[4];
  __cpuidex(out, static_cast<int>(leaf), static_cast<int>(subleaf));
  r = {uint32_t(out[0]), uint32_t(out[1]), uint32_t(out[2]), uint32_t(out[3])};
#else
  if (__get_cpuid_max(leaf & 0x80000000u, nullptr) < leaf) return r;
  __cpuid_count(leaf, subleaf, r.eax, r.ebx, r.ecx, r.edx);
#endif
  return r;
}

// Which register files the operating system saves: a CPU feature without its state bit faults.
uint64_t enabledState() {
#if defined(_MSC_VER)
  return _xgetbv(0);
#else
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t(high) << 32) | low;
#endif
}

// Linux grants tile data per process and on request only (Documentation/x86/xstate.rst).
bool amxPermission() {
#if defined(__linux__)
  constexpr int kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}
#endif

#if defined(__aarch64__) && defined(__linux__)
// Documentation/arch/arm64/elf_hwcaps.rst
bool hasDotProduct() { return (getauxval(AT_HWCAP) >> 20 & 1) != 0; }
bool hasBf16() { return (getauxval(AT_HWCAP2) >> 14 & 1) != 0; }
#elif defined(__aarch64__) && defined(__APPLE__)
// Names that a system does not know are features that its machines lack.
bool says(const char* name) {
  int value = 0;
  size_t size = sizeof value;
  return sysctlbyname(name, &value, &size, nullptr, 0) == 0 && value != 0;
}
bool hasDotProduct() { return says("hw.optional.arm.FEAT_DotProd"); }
bool hasBf16() { return says("hw.optional.arm.FEAT_BF16"); }
#elif defined(__aarch64__) || defined(_M_ARM64)
bool hasDotProduct() { return false; }
bool hasBf16() { return false; }
#endif

CpuFeatures detect() {
  CpuFeatures f;
#ifdef LATHE_X86
  auto bit = [](uint32_t word, int index) { return (word >> index & 1) != 0; };
  const Registers one = cpuid(1, 0), seven = cpuid(7, 0), sevenOne = cpuid(7, 1);
  if (!bit(one.ecx, 27)) return f;  // no OSXSAVE: nothing above SSE
  const uint64_t state = enabledState();
  const bool ymm = (state & 0x6) == 0x6, zmm = (state & 0xe6) == 0xe6, tiles = (state & 0x60000) == 0x60000;
  f.avx2 = ymm && bit(seven.ebx, 5);
  f.fma = ymm && bit(one.ecx, 12);
  f.f16c = ymm && bit(one.ecx, 29);
  f.avxvnni = ymm && bit(sevenOne.eax, 4);
  f.avx512f = zmm && bit(seven.ebx, 16);
  f.avx512dq = zmm && bit(seven.ebx, 17);
  f.avx512bw = zmm && bit(seven.ebx, 30);
  f.avx512vl = zmm && bit(seven.ebx, 31);
  f.avx512vnni = zmm && bit(seven.ecx, 11);
  f.avx512bf16 = zmm && bit(sevenOne.eax, 5);
  f.amxTile = tiles && bit(seven.edx, 24) && amxPermission();
  f.amxBf16 = f.amxTile && bit(seven.edx, 22);
#elif defined(__aarch64__) || defined(_M_ARM64)
  f.neon = true;
  f.dotprod = hasDotProduct();
  f.armBf16 = hasBf16();
#endif
  return f;
}

constexpr struct {
  Isa isa;
  const char* name;
} kNames[] = {{Isa::Ref, "ref"},       {Isa::Neon, "neon"},     {Isa::NeonBf16, "neonbf16"},
              {Isa::Avx2, "avx2"},     {Isa::Avx512, "avx512"}, {Isa::Avx512Bf16, "avx512bf16"}, {Isa::Amx, "amx"}};

constexpr struct {
  CpuFeature feature;
  const char* name;
} kFeatures[] = {{&CpuFeatures::neon, "neon"},         {&CpuFeatures::avx2, "avx2"},         {&CpuFeatures::fma, "fma"},
                 {&CpuFeatures::f16c, "f16c"},         {&CpuFeatures::avxvnni, "avxvnni"},   {&CpuFeatures::avx512f, "avx512f"},
                 {&CpuFeatures::avx512bw, "avx512bw"}, {&CpuFeatures::avx512vl, "avx512vl"}, {&CpuFeatures::avx512dq, "avx512dq"},
                 {&CpuFeatures::avx512vnni, "avx512vnni"}, {&CpuFeatures::avx512bf16, "avx512bf16"}, {&CpuFeatures::amxTile, "amx_tile"},
                 {&CpuFeatures::amxBf16, "amx_bf16"},   {&CpuFeatures::dotprod, "dotprod"},   {&CpuFeatures::armBf16, "arm_bf16"}};

}  // namespace

const CpuFeatures& cpuFeatures() {
  static const CpuFeatures features = detect();
  return features;
}

bool supports(const CpuFeatures& f, Isa isa) {
  const bool avx2 = f.avx2 && f.fma && f.f16c;
  const bool avx512 = avx2 && f.avx512f && f.avx512bw && f.avx512vl && f.avx512dq;
  switch (isa) {
    case Isa::Ref: return true;
    case Isa::Neon: return f.neon;
    case Isa::NeonBf16: return f.neon && f.armBf16;
    case Isa::Avx2: return avx2;
    case Isa::Avx512: return avx512;
    case Isa::Avx512Bf16: return avx512 && f.avx512bf16;
    case Isa::Amx: return avx512 && f.avx512bf16 && f.amxBf16;
  }
  return false;
}

Isa bestIsa(const CpuFeatures& features) {
  Isa best = Isa::Ref;
  for (const auto& row : kNames)
    if (supports(features, row.isa)) best = row.isa;
  return best;
}

const char* isaName(Isa isa) {
  for (const auto& row : kNames)
    if (row.isa == isa) return row.name;
  return "?";
}

bool parseIsa(const std::string& name, Isa& isa) {
  for (const auto& row : kNames)
    if (name == row.name) return isa = row.isa, true;
  return false;
}

std::vector<std::string> featureNames(const CpuFeatures& features) {
  std::vector<std::string> names;
  for (const auto& row : kFeatures)
    if (features.*row.feature) names.emplace_back(row.name);
  return names;
}

const char* featureName(CpuFeature feature) {
  for (const auto& row : kFeatures)
    if (row.feature == feature) return row.name;
  return "";
}

}  // namespace lathe
