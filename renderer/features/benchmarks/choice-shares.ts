/** How a model spreads its belief over the choices of an item: each one's share of the probability that they have together. */

export function choiceShares(logProbs: readonly number[]): readonly number[] {
  const highest = Math.max(...logProbs);
  // All of them impossible: none is more so.
  if (!Number.isFinite(highest)) return logProbs.map(() => 1 / logProbs.length);
  const weights = logProbs.map((each) => Math.exp(each - highest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
