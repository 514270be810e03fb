// Matrix product in 8-bit whole numbers: C = alpha · A · op(B), or C += alpha · A · op(B); for products with frozen weights, where an error of about one
// percent may be traded for speed. Its inputs are floats: it quantises them itself.
//
//   A     [M, K]  f32
//   op(B) [K, N]  any stored type, or packed (below). Stored [K, N], or [N, K] with transposeB. Quantised rows are whole blocks.
//   C     [M, N]  f32; neither A nor B.
//
// K is cut into blocks of kInt8Block. Each row of A and each column of op(B) has a scale of its own in every block, so an outlier spoils
// only the block it is in (how long a block should be: resources/docs/adr/0008):
//
//   scale = largest |x| / 127,  q = round(x · (127 / largest)), ties to even          (largest below 2^-100: scale and q are 0)
//   C[m, n] = sum over blocks, ascending, of fma(float(sum of qA · qB) · scaleB, alpha · scaleA, C[m, n]),  from C's old value or from 0
//
// The sums in a block are whole numbers, exact in any order; the steps in f32 are IEEE operations in the order written here. So all rows
// of the table give the same bits, on any number of threads. A NaN or an infinity makes its block's scale NaN, and what is made of it.
//
// vpdpbusd multiplies unsigned by signed bytes: A is stored as q + 128, and a column's sum starts at -128 · (sum of its q). ARM's sdot
// multiplies signed by signed: A is stored as q, and sums start at 0.
// (Block scales and this offset: ggml's Q8 types and oneDNN's int8 products do alike.)
#pragma once
#include <cstdint>

#include "core/dtype.h"
#include "core/kernel-table.h"

namespace lathe {

constexpr int64_t kInt8Block = 64;    // of k, that share a scale
constexpr int64_t kInt8Columns = 32;   // of op(B), in a panel
constexpr int64_t kInt8Step = 4;       // neighbours in k that one instruction sums

struct GemmInt8Args {
  int64_t m = 0, n = 0, k = 0;
  const float* a = nullptr;
  const void* b = nullptr;
  float* c = nullptr;
  DType bType = DType::F32;
  bool transposeB = false;
  bool packed = false;  // b was written by gemmInt8Pack; bType and transposeB are not read
  bool accumulate = false;
  float alpha = 1;
};

// A panel is kInt8Columns columns of op(B) over all of K, block after block; columns that are missing are 0. Every row reads this layout.
// Of a block, `bytes` has its k in steps of four, padded with 0: [k / 4][column][4].
struct Int8PanelBlock {
  float scales[kInt8Columns];
  int32_t starts[kInt8Columns];  // -128 · sum of the column
  int8_t bytes[kInt8Block * kInt8Columns];
};
static_assert(sizeof(Int8PanelBlock) == 256 + kInt8Block * kInt8Columns);

// Up to `rows` (of mr) rows of C times one panel, over `blocks` blocks of k that begin at a, scales and panel. c holds the sums so far,
// unless `fresh`. Rows of A behind the last may be read, those of C are not touched.
struct Int8Tile {
  const uint8_t* a;
  int64_t aStride;  // bytes
  const float* aScales;
  int64_t aScaleStride;
  const Int8PanelBlock* panel;
  int64_t blocks, k;  // k: of all these blocks
  float* c;
  int64_t ldc;
  int rows, columns;
  bool fresh;
};

// One row of the table: what differs by instruction set.
struct GemmInt8Kernel {
  int mr;
  uint8_t flipOfA;  // A's bytes are q ^ this: 0x80 makes q + 128
  // kInt8Block floats to bytes q ^ flip; returns the scale, and the sum of the q.
  float (*quantiseRun)(const float* x, uint8_t flip, uint8_t* bytes, int32_t* sum);
  // kInt8Columns columns of kInt8Block rows to a block of a panel; element i of a column is at x + i · stride.
  void (*quantiseColumns)(const float* x, int64_t stride, Int8PanelBlock* block);
  void (*micro)(const Int8Tile& tile);
};

using GemmInt8Row = const GemmInt8Kernel& (*)();
const KernelTable<GemmInt8Row>& gemmInt8Table();

// Name of the panels' layout, as a packed tensor has it.
extern const char* const kInt8Panels;

// Bytes and filling of a packed op(B) [K, N], 64-byte aligned; at most a group of it is ever floats.
int64_t gemmInt8PackedBytes(int64_t n, int64_t k);
int64_t gemmInt8PackScratchBytes();
void gemmInt8Pack(void* packed, const GemmInt8Args& args, void* scratch);

// Scratch of one product: 64-byte aligned, its contents do not matter.
int64_t gemmInt8ScratchBytes(const GemmInt8Args& args);
void gemmInt8(const GemmInt8Args& args, void* scratch);

const GemmInt8Kernel& gemmInt8Ref();
const GemmInt8Kernel& gemmInt8AvxVnni();
const GemmInt8Kernel& gemmInt8Avx512Vnni();
const GemmInt8Kernel& gemmInt8DotProd();

}  // namespace lathe
