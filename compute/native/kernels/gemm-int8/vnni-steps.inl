// The sums of an int8 tile with vpdpbusd, over Ints: A's bytes are q + 128, so a column starts at -128 · (sum of its q). After gemm-int8.inl.
namespace lathe {
namespace {

inline Ints startOf(const int32_t* starts) { return loadInts(starts); }

[[gnu::always_inline]] inline void addDots(Pair& sums, Ints a, const Pair& b) {
  sums.first = dot(sums.first, a, b.first);
  sums.second = dot(sums.second, a, b.second);
}
// Ends the life of a sum in its register: GCC 12 otherwise stores each one in every step, for use behind the loop.
inline void settle(Pair& sums) {
#ifdef __GNUC__
  __asm__("" : "+v"(sums.first.v), "+v"(sums.second.v));
#endif
}
template <int... row>
[[gnu::always_inline]] inline void addSteps(Pair (&whole)[sizeof...(row)], Steps steps, Indices<row...>) {
  for (; steps.count > 0; --steps.count) {
    const Pair step = {loadInts(steps.bytes), loadInts(steps.bytes + Ints::kLanes * kInt8Step)};
    (addDots(whole[row], broadcastInt(steps.a + row * steps.stride), step), ...);
    steps.a += kInt8Step, steps.bytes += kInt8Step * kInt8Columns;
  }
  (settle(whole[row]), ...);
}

}  // namespace
}  // namespace lathe
