// Attention as the formulas have it: one query, one key, one sum at a time, in double. The oracle of the other rows; slow.
#include "kernels/attention/attention.h"

#include <math.h>

#include "kernels/simd/scalar.h"

namespace lathe {
namespace {

double element(const FloatRows& rows, int64_t index) {
  return rows.bf16 ? toFloat(static_cast<const Bf16*>(rows.data)[index]) : static_cast<const float*>(rows.data)[index];
}
void setElement(const FloatRows& rows, int64_t index, double value) {
  if (rows.bf16) {
    fromFloat(static_cast<Bf16*>(rows.data) + index, static_cast<float>(value));
  } else {
    static_cast<float*>(rows.data)[index] = static_cast<float>(value);
  }
}

// One segment: where its rows lie and which key a query sees.
struct Segment {
  const AttentionCall& call;
  int64_t firstQuery, queries, firstKey, keys;

  Segment(const AttentionCall& c, int64_t s)
      : call(c), firstQuery(c.queryOffsets[s]), queries(c.queryOffsets[s + 1] - firstQuery), firstKey(c.keyOffsets[s]), keys(c.keyOffsets[s + 1] - firstKey) {}

  int64_t atQuery(int64_t query, int64_t head) const { return ((firstQuery + query) * call.heads + head) * call.headSize; }
  int64_t atKey(int64_t key, int64_t head) const { return ((firstKey + key) * call.keyHeads + head / (call.heads / call.keyHeads)) * call.headSize; }
  bool sees(int64_t query, int64_t key) const {
    const int64_t position = query + keys - queries;
    return key <= position && (call.window == 0 || key > position - call.window);
  }
};

double dot(const FloatRows& a, int64_t atA, const FloatRows& b, int64_t atB, int64_t size) {
  double sum = 0;
  for (int64_t d = 0; d < size; ++d) sum += element(a, atA + d) * element(b, atB + d);
  return sum;
}

// The score after softcap; `slope` is its derivative by the score before.
double scoreOf(const Segment& segment, int64_t query, int64_t key, int64_t head, double* slope) {
  const AttentionCall& call = segment.call;
  const double raw = call.scale * dot(call.q, segment.atQuery(query, head), call.k, segment.atKey(key, head), call.headSize);
  *slope = 1;
  if (call.softcap == 0) return raw;
  const double bent = tanh(raw / call.softcap);
  *slope = 1 - bent * bent;
  return call.softcap * bent;
}

}  // namespace

void attentionForwardRef(const AttentionCall& call, const AttentionForwardUnit& unit, float*) {
  const Segment segment(call, unit.segment);
  double output[kAttentionMaxHeadSize];
  for (int64_t r = 0; r < unit.rows; ++r) {
    const int64_t query = (unit.row + r) % segment.queries, head = unit.keyHead * (call.heads / call.keyHeads) + (unit.row + r) / segment.queries;
    double largest = -1e30, sum = 0, slope;
    for (int64_t key = unit.key; key < unit.keyEnd; ++key)
      if (segment.sees(query, key)) largest = fmax(largest, scoreOf(segment, query, key, head, &slope));
    for (int64_t d = 0; d < call.headSize; ++d) output[d] = 0;
    for (int64_t key = unit.key; key < unit.keyEnd; ++key) {
      if (!segment.sees(query, key)) continue;
      const double weight = exp(scoreOf(segment, query, key, head, &slope) - largest);
      sum += weight;
      for (int64_t d = 0; d < call.headSize; ++d) output[d] += weight * element(call.v, segment.atKey(key, head) + d);
    }
    if (unit.partial != nullptr) {
      float* part = unit.partial + r * (call.headSize + 2);
      for (int64_t d = 0; d < call.headSize; ++d) part[d] = static_cast<float>(output[d]);
      part[call.headSize] = static_cast<float>(largest);
      part[call.headSize + 1] = static_cast<float>(sum);
    } else {
      for (int64_t d = 0; d < call.headSize; ++d) setElement(call.o, segment.atQuery(query, head) + d, output[d] / sum);
      call.lse[head * call.queries + segment.firstQuery + query] = static_cast<float>(largest + log(sum));
    }
  }
}

namespace {

// P and dS of one pair, from the saved lse.
struct Pair {
  double weight, slope;
};

Pair pairOf(const Segment& segment, int64_t query, int64_t key, int64_t head) {
  const AttentionCall& call = segment.call;
  double slope;
  const double score = scoreOf(segment, query, key, head, &slope);
  const double weight = exp(score - call.lse[head * call.queries + segment.firstQuery + query]);
  const int64_t atQuery = segment.atQuery(query, head);
  const double toWeight = dot(call.dout, atQuery, call.v, segment.atKey(key, head), call.headSize);
  const double mean = dot(call.dout, atQuery, call.o, atQuery, call.headSize);
  return {weight, weight * (toWeight - mean) * slope * call.scale};
}

void keyGradient(const Segment& segment, const AttentionBackwardUnit& unit, int64_t key) {
  const AttentionCall& call = segment.call;
  double dk[kAttentionMaxHeadSize] = {}, dv[kAttentionMaxHeadSize] = {};
  for (int64_t head = unit.head; head < unit.headEnd; ++head) {
    for (int64_t query = unit.query; query < unit.queryEnd; ++query) {
      if (!segment.sees(query, key)) continue;
      const Pair pair = pairOf(segment, query, key, head);
      for (int64_t d = 0; d < call.headSize; ++d) {
        dv[d] += pair.weight * element(call.dout, segment.atQuery(query, head) + d);
        dk[d] += pair.slope * element(call.q, segment.atQuery(query, head) + d);
      }
    }
  }
  for (int64_t d = 0; d < call.headSize; ++d) {
    setElement(call.dk, segment.atKey(key, unit.head) + d, dk[d]);
    setElement(call.dv, segment.atKey(key, unit.head) + d, dv[d]);
  }
}

void queryGradient(const Segment& segment, const AttentionBackwardUnit& unit, int64_t query, int64_t head) {
  const AttentionCall& call = segment.call;
  double dq[kAttentionMaxHeadSize] = {};
  for (int64_t key = unit.key; key < unit.keyEnd; ++key) {
    if (!segment.sees(query, key)) continue;
    const Pair pair = pairOf(segment, query, key, head);
    for (int64_t d = 0; d < call.headSize; ++d) dq[d] += pair.slope * element(call.k, segment.atKey(key, head) + d);
  }
  for (int64_t d = 0; d < call.headSize; ++d) setElement(call.dq, segment.atQuery(query, head) + d, dq[d]);
}

}  // namespace

void attentionBackwardRef(const AttentionCall& call, const AttentionBackwardUnit& unit, float*) {
  const Segment segment(call, unit.segment);
  if (unit.wantKeys)
    for (int64_t key = unit.key; key < unit.keyEnd; ++key) keyGradient(segment, unit, key);
  if (unit.wantQueries)
    for (int64_t head = unit.head; head < unit.headEnd; ++head)
      for (int64_t query = unit.query; query < unit.queryEnd; ++query) queryGradient(segment, unit, query, head);
}

}  // namespace lathe
