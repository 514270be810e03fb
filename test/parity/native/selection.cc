// Checks of which row a machine gets, for machines that are not here: the features are a parameter.
#include <cstring>

#include "core/kernel-table.h"
#include "kernels/gemm-int8/gemm-int8.h"
#include "kernels/gemm/gemm.h"
#include "require.h"

using namespace lathe;

namespace {

struct Choice {
  CpuFeatures features;
  Isa cap;
  const char *int8, *bf16;  // without the op
};

void checkChoice(const char* machine, const Choice& expected) {
  const std::string int8 = gemmInt8Table().best(expected.features, expected.cap).name;
  const std::string bf16 = gemmTable(DType::BF16).best(expected.features, expected.cap).name;
  requireNamed(int8 == std::string("gemm_int8_") + expected.int8, ("chooses " + int8).c_str(), machine);
  requireNamed(bf16 == std::string("gemm_bf16_") + expected.bf16, ("chooses " + bf16).c_str(), machine);
}

void checkNames() {
  for (const char* name : {"ref", "neon", "neonbf16", "avx2", "avx512", "avx512bf16", "amx"}) {
    Isa isa;
    requireNamed(parseIsa(name, isa) && std::strcmp(isaName(isa), name) == 0, "an instruction set has one name", name);
  }
}

}  // namespace

void checkSelection() {
  checkNames();
  CpuFeatures none, all;
  all.avx2 = all.fma = all.f16c = all.avx512f = all.avx512bw = all.avx512vl = all.avx512dq = all.avx512bf16 = all.avx512vnni = all.avxvnni = true;
  all.amxTile = all.amxBf16 = all.neon = all.dotprod = all.armBf16 = true;
  checkChoice("nothing", {none, Isa::Amx, "ref", "ref"});
  checkChoice("all, capped at ref", {all, Isa::Ref, "ref", "ref"});
#ifdef LATHE_X86
  CpuFeatures avx2;
  avx2.avx2 = avx2.fma = avx2.f16c = true;
  checkChoice("AVX2", {avx2, Isa::Amx, "ref", "f32_6x16_avx2"});
  checkChoice("all, capped at avx2", {all, Isa::Avx2, "6x16_avxvnni", "f32_6x16_avx2"});
  checkChoice("all", {all, Isa::Amx, "14x32_avx512vnni", "32x32_amx"});
  checkChoice("all, capped at ARM's", {all, Isa::NeonBf16, "ref", "ref"});
#else
  CpuFeatures plain, dot, bf16Alone;
  plain.neon = dot.neon = bf16Alone.neon = dot.dotprod = bf16Alone.armBf16 = true;
  checkChoice("Raspberry Pi 4", {plain, Isa::Amx, "ref", "f32_8x8_neon"});
  checkChoice("Apple M1", {dot, Isa::Amx, "8x8_dotprod", "f32_8x8_neon"});
  checkChoice("bf16 without a dot product", {bf16Alone, Isa::Amx, "ref", "8x8_neonbf16"});
  checkChoice("Apple M2", {all, Isa::Amx, "8x8_dotprod", "8x8_neonbf16"});
  checkChoice("Apple M2, capped at neonbf16", {all, Isa::NeonBf16, "8x8_dotprod", "8x8_neonbf16"});
  checkChoice("Apple M2, capped at neon", {all, Isa::Neon, "8x8_dotprod", "f32_8x8_neon"});
#endif
}
