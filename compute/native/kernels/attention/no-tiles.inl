// Stands for tiles.inl where kTiles is false: there nobody calls it.
namespace lathe {
namespace {

inline void multiplyTiles(const Product&, int64_t, int64_t, int64_t, int64_t, int64_t) {}

}  // namespace
}  // namespace lathe
