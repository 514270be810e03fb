// Checks of the kernels of state-space layers.
#include <new>

#include "check.h"
#include "kernels/causal-conv/causal-conv.h"
#include "kernels/state-space/state-space.h"

using namespace lathe;

namespace {

// 64-byte aligned, as the arena's blocks are, and no byte longer than asked for.
class Scratch {
 public:
  explicit Scratch(int64_t bytes) : data_(bytes == 0 ? nullptr : ::operator new(static_cast<size_t>(bytes), std::align_val_t(64))) {}
  ~Scratch() { ::operator delete(data_, std::align_val_t(64)); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  void* data() const { return data_; }

 private:
  void* data_;
};

void checkConvolution(DType type, const std::vector<int32_t>& offsets, int64_t columns, int64_t width) {
  compareRows("causal_conv", std::string(info(type).name) + " " + std::to_string(columns) + " x " + std::to_string(width), [=] {
    const int64_t rows = offsets.back();
    Floats x = Floats::random(type, rows * columns, 1), dy = Floats::random(type, rows * columns, 2);
    Floats weight = Floats::random(DType::F32, columns * width, 3), bias = Floats::random(DType::F32, columns, 4);
    Floats y(type, rows * columns), dx(type, rows * columns), dw(DType::F32, columns * width), db(DType::F32, columns);
    ConvCall call{};
    call.x = x.array();
    call.y = y.array();
    call.dy = dy.array();
    call.dx = dx.array();
    call.weight = weight.f32();
    call.bias = bias.f32();
    call.dw = dw.f32();
    call.db = db.f32();
    call.offsets = offsets.data();
    call.segments = static_cast<int64_t>(offsets.size()) - 1;
    call.rows = rows;
    call.columns = columns;
    call.width = width;
    convForward(call, Scratch(convForwardScratchBytes(call)).data());
    convBackward(call, Scratch(convBackwardScratchBytes(call)).data());
    return std::vector<Output>{output("y", y), output("dx", dx), output("dw", dw), output("db", db)};
  });
}

struct Sizes {
  int64_t heads, headSize, groups, stateSize;
};

void checkScan(DType type, const std::vector<int32_t>& offsets, const Sizes& sizes) {
  compareRows("state_space", std::string(info(type).name) + " " + std::to_string(sizes.headSize) + " x " + std::to_string(sizes.stateSize), [=] {
    StateSpaceCall call{};
    call.heads = sizes.heads;
    call.headSize = sizes.headSize;
    call.groups = sizes.groups;
    call.stateSize = sizes.stateSize;
    call.rows = offsets.back();
    call.segments = static_cast<int64_t>(offsets.size()) - 1;
    call.offsets = offsets.data();
    call.mostDelta = __builtin_inff();
    const int64_t inner = sizes.heads * sizes.headSize, state = inner * sizes.stateSize;
    Floats xbc = Floats::random(type, call.rows * call.columns(), 1), raw = Floats::random(type, call.rows * call.heads, 2);
    Floats dy = Floats::random(type, call.rows * inner, 3), bias = Floats::random(DType::F32, call.heads, 4), aLog = Floats::random(DType::F32, call.heads, 5);
    Floats d = Floats::random(DType::F32, call.heads, 6), states(DType::F32, stateSpaceChunks(call.rows, call.segments) * state), final(DType::F32, call.segments * state);
    Floats y(type, call.rows * inner), dxbc(type, call.rows * call.columns()), draw(type, call.rows * call.heads);
    Floats dBias(DType::F32, call.heads), dALog(DType::F32, call.heads), dD(DType::F32, call.heads);
    call.xbc = xbc.array();
    call.raw = raw.array();
    call.bias = bias.f32();
    call.aLog = aLog.f32();
    call.d = d.f32();
    call.states = states.f32();
    call.final = final.f32();
    call.y = y.array();
    call.dy = dy.array();
    call.dxbc = dxbc.array();
    call.draw = draw.array();
    call.dBias = dBias.f32();
    call.dALog = dALog.f32();
    call.dD = dD.f32();
    stateSpaceForward(call, Scratch(stateSpaceForwardScratchBytes(call)).data());
    stateSpaceBackward(call, Scratch(stateSpaceBackwardScratchBytes(call)).data());
    return std::vector<Output>{output("y", y),         output("final", final), output("dxbc", dxbc), output("draw", draw),
                               output("dBias", dBias), output("dALog", dALog), output("dD", dD)};
  });
}

}  // namespace

void checkStateSpaces() {
  convTable();
  stateSpaceTable();
  for (DType type : {DType::F32, DType::BF16}) {
    checkConvolution(type, {0, 5, 5, 6, 43}, 19, 4);
    checkConvolution(type, {0, 1}, 1, 1);
    checkConvolution(type, {0, 97}, 40, 7);
    checkScan(type, {0, 5, 5, 6, 19}, {4, 5, 2, 3});
    checkScan(type, {0, 129}, {3, 23, 1, 21});
    checkScan(type, {0, 1, 290}, {9, 16, 1, 32});
  }
}
