// Matrix product: C = alpha · op(A) · op(B), or C += alpha · op(A) · op(B); op is the matrix or its transpose. On request C also gets
// A2 · op(B2), a product of low rank, while its sums are still in registers.
//
//   op(A) [M, K]  f32 or bf16. Stored [M, K], or [K, M] with transposeA.
//   op(B) [K, N]  any stored type, or packed (below). Stored [K, N], or [N, K] with transposeB. Quantised rows are whole blocks.
//   A2    [M, R]  f32 or bf16, stored so.  op(B2) [R, N]: f32 or bf16, stored [R, N], or [N, R] with transposeB2.
//   C     [M, N]  f32 or bf16; none of the others. Stored [M, N], or f32 [N, M] with transposeC.
//
// All are contiguous and row-major. Sums are fp32 (the reference's fp64), products fp32, or bf16 · bf16 where A is bf16 and the row says so.
// What is stored quantised is dequantised panel by panel while B is packed: no whole matrix is ever widened.
//
// Determinism: the sum of an element of C runs over k in ascending order in blocks of a size that the shape and the row fix. Threads only
// decide who computes which block of C, so results are the same bits on any number of them.
//
// Structure: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (ACM TOMS 34, 2008), and BLIS. macro-kernel.cc is
// the one portable driver; a row of the table (kernels.inc) is what differs by instruction set: tile size, panel layout, packing, microkernel.
// A handful of rows of A (generation) goes another way, which packs nothing: gemv.h.
#pragma once
#include <cstdint>

#include "core/dtype.h"
#include "core/kernel-table.h"

namespace lathe {

struct GemmArgs {
  int64_t m = 0, n = 0, k = 0;
  const void* a = nullptr;
  const void* b = nullptr;
  void* c = nullptr;
  DType aType = DType::F32, bType = DType::F32, cType = DType::F32;
  bool transposeA = false, transposeB = false, transposeC = false;
  bool packed = false;  // b was written by gemmPack for this kernel; bType and transposeB are not read
  bool accumulate = false;
  float alpha = 1;  // of op(A) · op(B); 1 where there is an A2

  int64_t rank = 0;  // 0: no A2, no B2
  const void* a2 = nullptr;
  const void* b2 = nullptr;
  DType a2Type = DType::F32, b2Type = DType::F32;
  bool transposeB2 = false;
};

// Where one tile of C goes. Sums start from `partial` if `resume`, and end in it unless `final`; then c = alpha · sum (+ c).
struct GemmTile {
  void* c;
  int64_t ldc;
  float* partial;
  int64_t ldp;
  int rows, columns;  // 1 … mr, 1 … nr
  float alpha;
  bool bf16, accumulate, resume, final;
  bool large;  // C is larger than a cache: whoever reads it next finds nothing of it there
};

// A run of k that a tile sums over. Step s of op(A)'s panel is at a + s · aStep, its rows `aRow` bytes apart: a panel's own layout, or
// the matrix itself. b is a panel.
struct GemmPiece {
  const char* a;
  int64_t aRow, aStep;
  const char* b;
  int64_t k;  // padded to kStep
};

// One row. A panel holds up to mr rows of op(A), or up to nr columns of op(B), over a whole number of k steps of `kStep`; what is
// missing at the edges is 0. Offset k of a panel is at k · mr (k · nr) · elementBytes for every multiple k of kStep.
struct GemmKernel {
  int mr, nr, kStep, kBlock;
  int rowStep;       // rows of A cost the same up to a multiple of this
  int elementBytes;  // of packed elements: 4 f32, 2 bf16
  bool readsRows;    // mr whole rows of a bf16 A, contiguous in k, are read where they are, in steps of kStep; else aRow, aStep are not read

  // Packs `count` vectors (rows of op(A), columns of op(B)) of length k. `rows`: vector i is contiguous at source + i · stride;
  // `columns`: element j of all vectors is contiguous at source + j · stride. source is f32 or bf16 bits, stride in elements.
  struct Pack {
    void (*rows)(void* panel, const void* source, int64_t stride, int count, int k);
    void (*columns)(void* panel, const void* source, int64_t stride, int count, int k);
  };
  Pack aFloat, aBf16, bFloat, bBf16;

  // `count` pieces, one after the other, into one tile.
  void (*micro)(const GemmPiece* pieces, int count, const GemmTile& tile);

  // A thread's state around a run of microkernels; null where there is none.
  void (*enter)();
  void (*leave)();
};

// A row of the table: null for the plain triple loop, which has no panels.
using GemmRow = const GemmKernel* (*)();

// "gemm_f32" and "gemm_bf16": by the type of A. Rows of gemm_bf16 for machines without bf16 products are the fp32 kernels.
const KernelTable<GemmRow>& gemmTable(DType aType);

// The kernel of the chosen row, or of the row a packed matrix was laid out for.
const GemmKernel* gemmKernel(DType aType);
const GemmKernel* gemmKernelOf(DType aType, const char* row);

// Bytes and filling of a packed op(B) [K, N]. kernel may be null (plain f32 in the order of the source).
int64_t gemmPackedBytes(const GemmKernel* kernel, int64_t n, int64_t k);
void gemmPack(const GemmKernel* kernel, void* packed, const GemmArgs& args);

// Scratch of one product: 64-byte aligned, its contents do not matter.
int64_t gemmScratchBytes(const GemmKernel* kernel, const GemmArgs& args);
void gemm(const GemmKernel* kernel, const GemmArgs& args, void* scratch);

// The oracle (gemm-ref.cc) and the blocked driver (macro-kernel.cc).
void gemmPlain(const GemmArgs& args, float* scratch);
int64_t gemmPlainScratchBytes(const GemmArgs& args);
int64_t gemmBlockedScratchBytes(const GemmKernel& kernel, const GemmArgs& args);
void gemmBlocked(const GemmKernel& kernel, const GemmArgs& args, void* scratch);
void gemmBlockedPack(const GemmKernel& kernel, void* packed, const GemmArgs& args);

// Element `row`, `column` of a stored matrix of `columns` columns; for quantised types `column` is on a block boundary.
inline const void* elementAt(const void* matrix, DType type, int64_t columns, int64_t row, int64_t column) {
  return static_cast<const char*>(matrix) + bytesOf(type, columns) * row + bytesOf(type, column);
}

const GemmKernel* gemmRef();
const GemmKernel* gemmF32Avx2();
const GemmKernel* gemmF32Avx512();
const GemmKernel* gemmF32Neon();
const GemmKernel* gemmBf16Neon();
const GemmKernel* gemmBf16Avx512();
const GemmKernel* gemmBf16Amx();
const GemmKernel* gemmBf16AmxEmulated();  // test builds only

}  // namespace lathe
