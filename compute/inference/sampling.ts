/** Picks the next token from logits: the best one, or one drawn at a temperature from the smallest set of probability topP. */

export interface SamplingOptions {
  /** 0: greedy. */
  readonly temperature: number;
  readonly topP: number;
}

/** `draw` gives uniform numbers in [0, 1). */
export function sampleToken(logits: Float32Array, { temperature, topP }: SamplingOptions, draw: () => number): number {
  if (temperature === 0) return argmax(logits);
  const largest = logits[argmax(logits)] ?? 0;
  const weights = new Float64Array(logits.length);
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += weights[i] = Math.exp(((logits[i] ?? 0) - largest) / temperature);
  const kept = topP < 1 ? heaviest(weights, topP * total) : null;
  let left = draw() * (kept === null ? total : kept.reduce((sum, token) => sum + (weights[token] ?? 0), 0));
  let last = 0;
  for (const token of kept ?? weights.keys()) {
    left -= weights[token] ?? 0;
    if (left < 0) return token;
    if (weights[token] !== 0) last = token;
  }
  return last; // rounding left a rest
}

/** The first of the largest. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? -Infinity) > (values[best] ?? -Infinity)) best = i;
  return best;
}

/**
 * The heaviest indices, in order, the first of equal ones first, until together they weigh `mass`. A heap over all is made in one pass, and only
 * what is taken is put in order: of a vocabulary of 50,000 that is some tens.
 */
export function heaviest(weights: Float64Array, mass: number): number[] {
  const heap = Int32Array.from(weights.keys());
  const isHeavier = (a: number, b: number): boolean => {
    const [x, y] = [weights[a] ?? 0, weights[b] ?? 0];
    return x > y || (x === y && a < b);
  };
  let size = heap.length;
  for (let at = (size >> 1) - 1; at >= 0; at--) siftDown(heap, at, { size, isHeavier });
  const taken: number[] = [];
  for (let sum = 0; size > 0 && sum < mass;) {
    const top = heap[0] ?? 0;
    taken.push(top);
    sum += weights[top] ?? 0;
    heap[0] = heap[--size] ?? 0;
    siftDown(heap, 0, { size, isHeavier });
  }
  return taken;
}

interface HeapOrder {
  readonly size: number;
  readonly isHeavier: (a: number, b: number) => boolean;
}

/** Lets the entry at `at` sink below every heavier one. */
function siftDown(heap: Int32Array, at: number, { size, isHeavier }: HeapOrder): void {
  const sinking = heap[at] ?? 0;
  for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && isHeavier(heap[child + 1] ?? 0, heap[child] ?? 0)) child += 1;
    if (!isHeavier(heap[child] ?? 0, sinking)) break;
    heap[at] = heap[child] ?? 0;
    at = child;
  }
  heap[at] = sinking;
}
