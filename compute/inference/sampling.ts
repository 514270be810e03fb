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
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const order = Int32Array.from(weights.keys()).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  while (kept < order.length && mass < topP * total) mass += weights[order[kept++] ?? 0] ?? 0;
  let left = draw() * mass;
  for (let i = 0; i < kept; i++) {
    left -= weights[order[i] ?? 0] ?? 0;
    if (left < 0) return order[i] ?? 0;
  }
  return order[kept - 1] ?? 0;
}

/** The first of the largest. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? -Infinity) > (values[best] ?? -Infinity)) best = i;
  return best;
}
