// Turning a panel in squares of 16 words; included after kernels/gemm/transpose-avx512.inl.
#include <stdint.h>

namespace lathe {
namespace {

struct Panel {
  const float* data;
  int64_t rows, columns, stride;
};

// to[column · stride + row] = from[row, column]; rows up to the next whole vector are zero.
inline void turnPanel(float* to, int64_t stride, const Panel& from) {
  for (int64_t row = 0; row < from.rows; row += 16) {
    for (int64_t column = 0; column < from.columns; column += 16) {
      const int wide = int(from.columns - column < 16 ? from.columns - column : 16);
      Vec square[16];
      for (int i = 0; i < 16; ++i) square[i] = row + i < from.rows ? loadPartial(from.data + (row + i) * from.stride + column, wide) : zeros();
      transposeSquare(square);
      for (int i = 0; i < wide; ++i) store(to + (column + i) * stride + row, square[i]);
    }
  }
}

}  // namespace
}  // namespace lathe
