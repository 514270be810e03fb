/** Exponential moving average, with the correction for its start (Adam's), so that the first values are not pulled to nought. */

/** `weight`: of what came before, 0 (none) to below 1. What is no number leaves the average as it was. */
export function smooth(ys: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(ys.length);
  let [sum, norm] = [0, 0];
  for (let index = 0; index < ys.length; index += 1) {
    const y = ys[index] ?? Number.NaN;
    if (Number.isFinite(y)) {
      sum = weight * sum + (1 - weight) * y;
      norm = weight * norm + (1 - weight);
    }
    smoothed[index] = norm === 0 ? Number.NaN : sum / norm;
  }
  return smoothed;
}
