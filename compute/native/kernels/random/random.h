// Random numbers that are functions of (seed, stream, element) alone: Philox4x32-10 (Salmon, Moraes, Dror & Shaw, SC 2011).
// Elements come in groups of 64: element e takes word (e % 64) / 16 of the four that block (e / 64) · 16 + e % 16 gives, so that sixteen
// blocks side by side fill a group in order, whatever the vector length. Counter: block number (64 bits), stream (64 bits); key: seed.
//   dropout        y = x · (word >= p · 2^32 ? 1 / (1 - p) : 0)
//   randomUniform  low + (high - low) · (word >> 8) · 2^-24, kept below high in f32 (rounding to bf16 may reach it)
//   randomNormal   mean + deviation · z, z by Box & Muller from words (0, 1) and (2, 3) of a block, in f64; no rows, it only starts weights
// f32 or bf16, y may be x. All rows give the same bits.
#pragma once
#include "kernels/simd/float-array.h"

namespace lathe {

template <class Fn>
class KernelTable;

struct RandomKey {
  uint64_t seed, stream;
};

struct Dropout {
  FloatArray y, x;
  uint64_t threshold;  // a word below it drops its element
  float scale;
  RandomKey key;
};

struct RandomUniform {
  FloatArray out;
  float low, range, below;  // below: the largest float under high
  RandomKey key;
};

struct RandomNormal {
  FloatArray out;
  double mean, deviation;
  RandomKey key;
};

// Ranges begin at a multiple of 64.
struct RandomKernel {
  void (*dropout)(const Dropout& args, int64_t begin, int64_t end);
  void (*uniform)(const RandomUniform& args, int64_t begin, int64_t end);
};

using RandomRow = const RandomKernel& (*)();
const KernelTable<RandomRow>& randomTable();

// With the chosen row, cut over the threads.
void dropout(const Dropout& args, int64_t elements);
void randomUniform(const RandomUniform& args, int64_t elements);
void randomNormal(const RandomNormal& args, int64_t elements);

const RandomKernel& randomRef();
const RandomKernel& randomAvx2();
const RandomKernel& randomAvx512();
const RandomKernel& randomNeon();

}  // namespace lathe
