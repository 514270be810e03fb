// Stored types to f32 and back: y[i] = value of element i, exactly as ggml's dequantize_row_* computes it (ggml-quants.c), one rounding a step.
// A row is n contiguous elements that start on a block boundary; n is a multiple of the type's block. Any alignment. No aliasing.
// Rows are table entries: a row gives one function for each type, so that other kernels (embedding, packing) ask once and loop.
#pragma once
#include <cstdint>

#include "core/dtype.h"
#include "core/kernel-table.h"

namespace lathe {

struct DequantKernel {
  // src: n elements of the type at this index, f32 included (a copy); null for i32.
  void (*toFloat[static_cast<int>(DType::Count)])(const void* src, float* dst, int64_t n);
  // Nearest bf16, ties to even, NaN stays NaN.
  void (*toBf16)(const float* src, uint16_t* dst, int64_t n);
};

using DequantRow = const DequantKernel& (*)();
const KernelTable<DequantRow>& dequantTable();

// With the chosen row.
void dequantizeRow(DType dtype, const void* src, float* dst, int64_t n);

// out = in · scale for `elements` elements of any type into f32 or bf16, cut over the threads. out may be in where the types are the same.
void convertElements(DType to, void* out, DType from, const void* in, int64_t elements, float scale);

const DequantKernel& dequantRef();
const DequantKernel& dequantAvx2();
const DequantKernel& dequantAvx512();

}  // namespace lathe
