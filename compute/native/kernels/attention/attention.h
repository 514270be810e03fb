// Causal attention over packed segments, in blocks: the T x T matrix never exists.
//
//   S = scale · Q Kᵀ, softcap · tanh(S / softcap) where asked for; key k is seen by query position p when p - window < k <= p
//   P = softmax(S),  O = P V,  lse = log Σ exp S
// backward, from the saved lse:  dV = Pᵀ dO,  dS = P ∘ (dO Vᵀ - rowsum(dO ∘ O)),  dQ = scale · dS K,  dK = scale · dSᵀ Q
// Sources: FlashAttention-2 (Dao 2023) for online softmax and recomputation; grouped heads: head h reads key head h / (heads / keyHeads).
//
// attention.cc cuts a call into units by shape alone; a row of the table computes one unit. All sums of an output element are made inside
// one unit in a fixed order (except partial results of long generation, which attention.cc joins in order), so threads change nothing.
#pragma once
#include <cstdint>

#include "core/kernel-table.h"

namespace lathe {

// f32 or bf16 elements, row-major.
struct FloatRows {
  void* data;
  bool bf16;
};

struct AttentionCall {
  FloatRows q, o;        // [Tq, heads · headSize]; the backward reads o
  FloatRows k, v;        // [Tk, keyHeads · headSize]
  float* lse;            // [heads, Tq]
  FloatRows dout, dq;    // backward only, like q
  FloatRows dk, dv;      // backward only, like k
  const int32_t *queryOffsets, *keyOffsets;  // [segments + 1]; checked by the glue
  int64_t segments, queries, keys;           // queries: Tq, keys: Tk
  int64_t heads, keyHeads, headSize;
  int64_t window;  // 0: all
  float scale, softcap;  // softcap 0: none
};

// Rows that one forward unit computes at most, and keys that it visits at a time.
inline constexpr int64_t kAttentionRows = 64, kAttentionKeys = 64;
// Generation: keys of a segment with few rows are cut into pieces of this size, whose results are joined afterwards.
inline constexpr int64_t kAttentionPiece = 512;
// The backward computes all three gradients in one visit where a segment has at most so many keys and there are units enough.
inline constexpr int64_t kAttentionOneVisit = 2048, kAttentionKeyChunk = 256, kAttentionUnits = 8;
inline constexpr int64_t kAttentionMaxHeadSize = 1024;

// Row r of (segment, keyHead) is query r % n of head keyHead · group + r / n, with n queries in the segment: few queries of
// several heads share one unit. Positions and keys count from the segment's first key.
struct AttentionForwardUnit {
  int64_t segment, keyHead, row, rows;
  int64_t key, keyEnd;
  // nullptr: o and lse are written. Else [rows, headSize + 2]: unnormalised output, largest score, sum of exponentials.
  float* partial;
};

// Heads [head, headEnd) of one key head's group, keys [key, keyEnd), queries [query, queryEnd) of a segment.
// With wantKeys dk, dv of these keys, with wantQueries dq of these queries are complete after the unit.
struct AttentionBackwardUnit {
  int64_t segment, head, headEnd;
  int64_t key, keyEnd, query, queryEnd;
  bool wantKeys, wantQueries;
};

using AttentionForward = void (*)(const AttentionCall&, const AttentionForwardUnit&, float* scratch);
using AttentionBackward = void (*)(const AttentionCall&, const AttentionBackwardUnit&, float* scratch);

// "attention_forward" and "attention_backward".
KernelTable<AttentionForward>& attentionForwardTable();
KernelTable<AttentionBackward>& attentionBackwardTable();

// Bytes that the two functions below need, a multiple of 64; depends on shapes and thread count, never on offsets.
int64_t attentionForwardScratchBytes(const AttentionCall& call);
int64_t attentionBackwardScratchBytes(const AttentionCall& call);
void attentionForward(const AttentionCall& call, void* scratch);
void attentionBackward(const AttentionCall& call, void* scratch);

}  // namespace lathe
