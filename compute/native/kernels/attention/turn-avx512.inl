// Turning a panel in squares of 16 words; included after kernels/gemm/transpose-avx512.inl.
namespace lathe {
namespace {

// to[column · kAttentionRows + row] = from[row · stride + column]; rows up to the next whole vector are zero. Elements are any 32-bit words.
inline void transposePanel(float* to, const float* from, int64_t rows, int64_t columns, int64_t stride) {
  for (int64_t row = 0; row < rows; row += 16) {
    for (int64_t column = 0; column < columns; column += 16) {
      const int wide = int(columns - column < 16 ? columns - column : 16);
      Vec square[16];
      for (int i = 0; i < 16; ++i) square[i] = row + i < rows ? loadPartial(from + (row + i) * stride + column, wide) : zeros();
      transposeSquare(square);
      for (int i = 0; i < wide; ++i) store(to + (column + i) * kAttentionRows + row, square[i]);
    }
  }
}

}  // namespace
}  // namespace lathe
