// What the native checks share: reproducible numbers, outputs of a call, and every row of a table against its reference.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernels/simd/float-array.h"

// Reproducible numbers in [-1, 1).
class Sequence {
 public:
  explicit Sequence(uint32_t seed) : state_(seed * 2654435761u + 1) {}
  uint32_t word() { return state_ = state_ * 1664525u + 1013904223u; }
  float operator()() { return static_cast<float>(word() >> 8) / 8388608.0f - 1; }

 private:
  uint32_t state_;
};

// A float tensor of either type that owns its memory.
class Floats {
 public:
  Floats(lathe::DType type, int64_t elements) : type_(type), bytes_(static_cast<size_t>(lathe::bytesOf(type, elements)) + kOff), elements_(elements) {}
  static Floats random(lathe::DType type, int64_t elements, uint32_t seed) {
    Floats result(type, elements);
    Sequence next(seed);
    for (int64_t i = 0; i < elements; ++i) lathe::set(result.array(), i, next());
    return result;
  }
  // Off every vector boundary on purpose, and up to the very end of its block, where sanitizers watch.
  void* data() { return bytes_.data() + kOff; }
  float* f32() { return static_cast<float*>(data()); }
  bool isBf16() const { return type_ == lathe::DType::BF16; }
  lathe::FloatArray array() { return {data(), type_}; }
  std::vector<float> values() {
    std::vector<float> result;
    for (int64_t i = 0; i < elements_; ++i) result.push_back(lathe::get(array(), i));
    return result;
  }

 private:
  static constexpr size_t kOff = 4;
  lathe::DType type_;
  std::vector<unsigned char> bytes_;
  int64_t elements_;
};

struct Output {
  std::string name;
  bool isBf16;
  std::vector<float> values;
};

inline Output output(const char* name, Floats& floats) { return {name, floats.isBf16(), floats.values()}; }

// Runs `run`, which makes its outputs anew, with the reference row of `op` and then with each other row of this machine; prints what differs.
void compareRows(const char* op, const std::string& what, const std::function<std::vector<Output>()>& run);
