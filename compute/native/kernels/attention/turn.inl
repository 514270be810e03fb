// Turning a panel, one element at a time; turn-avx512.inl does the same in registers.
namespace lathe {
namespace {

// to[column · kAttentionRows + row] = from[row · stride + column]; rows up to the next whole vector are zero.
inline void transposePanel(float* to, const float* from, int64_t rows, int64_t columns, int64_t stride) {
  const int64_t padded = (rows + Vec::kLanes - 1) / Vec::kLanes * Vec::kLanes;
  for (int64_t column = 0; column < columns; ++column) {
    for (int64_t row = 0; row < rows; ++row) to[column * kAttentionRows + row] = from[row * stride + column];
    for (int64_t row = rows; row < padded; ++row) to[column * kAttentionRows + row] = 0;
  }
}

}  // namespace
}  // namespace lathe
