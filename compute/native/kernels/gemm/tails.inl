// Loads and stores over Vec that may end inside a register: `count` is what is left, at least 1. After kernels/simd/<isa>.h.
namespace lathe {
namespace {

template <class T>
inline Vec loadSome(const T* p, int count) {
  return count >= Vec::kLanes ? load(p) : loadPartial(p, count);
}
template <class T>
inline void storeSome(T* p, Vec x, int count) {
  if (count >= Vec::kLanes) {
    store(p, x);
  } else {
    storePartial(p, x, count);
  }
}

}  // namespace
}  // namespace lathe
