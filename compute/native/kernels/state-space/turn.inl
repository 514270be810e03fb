// Turning a panel, one element at a time; turn-avx512.inl does the same in registers.
#include <stdint.h>

namespace lathe {
namespace {

struct Panel {
  const float* data;
  int64_t rows, columns, stride;
};

// to[column · stride + row] = from[row, column]; rows up to the next whole vector are zero.
inline void turnPanel(float* to, int64_t stride, const Panel& from) {
  const int64_t padded = (from.rows + Vec::kLanes - 1) / Vec::kLanes * Vec::kLanes;
  for (int64_t column = 0; column < from.columns; ++column) {
    for (int64_t row = 0; row < from.rows; ++row) to[column * stride + row] = from.data[row * from.stride + column];
    for (int64_t row = from.rows; row < padded; ++row) to[column * stride + row] = 0;
  }
}

}  // namespace
}  // namespace lathe
