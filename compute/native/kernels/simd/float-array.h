// An array of floats whose element type is known at run time, read and written one element at a time. The vector form is float-array.inl.
// Kernels that memory bounds take their operands so: the test of the type costs nothing beside the load, and no type mix needs its own copy.
#pragma once
#include "core/dtype.h"
#include "kernels/simd/scalar.h"

namespace lathe {

struct FloatArray {
  void* data;
  DType type;  // F32 or BF16; F16 may only be read
};

namespace {

inline float get(FloatArray a, int64_t i) {
  if (a.type == DType::F32) return static_cast<const float*>(a.data)[i];
  if (a.type == DType::BF16) return toFloat(static_cast<const Bf16*>(a.data)[i]);
  return toFloat(static_cast<const Half*>(a.data)[i]);
}

inline void set(FloatArray a, int64_t i, float value) {
  if (a.type == DType::F32) {
    static_cast<float*>(a.data)[i] = value;
  } else {
    fromFloat(static_cast<Bf16*>(a.data) + i, value);
  }
}

}  // namespace
}  // namespace lathe
