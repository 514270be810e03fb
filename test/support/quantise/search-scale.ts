/** Least-squares searches for the scale (and minimum) of one sub-block: some candidates around the obvious one, the best is kept. */

export interface ScaleAndMin {
  readonly scale: number;
  /** Subtracted; never negative. */
  readonly min: number;
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
export const nearest = (value: number): number => Math.round(value);

interface MinimumSearch {
  /** Largest quantised number. */
  readonly most: number;
  /** Candidates are (most + from + 0.1 · i) / range, i = 0 … steps. */
  readonly from: number;
  readonly steps: number;
}

/** x ≈ scale · q - min with q in 0 … most; errors weigh |x| plus the root mean square, so large numbers count for more. */
export function searchScaleAndMin(x: Float32Array, { most, from, steps }: MinimumSearch): ScaleAndMin {
  const low = Math.min(0, ...x);
  const range = Math.max(...x) - low;
  if (range <= 0) return { scale: 0, min: -low };
  const rms = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length);
  const weights = x.map((value) => rms + Math.abs(value));
  const errorOf = ({ scale, min }: ScaleAndMin, inverse: number): number => {
    let error = 0;
    for (let i = 0; i < x.length; i++) {
      const value = x[i] ?? 0;
      error += (weights[i] ?? 0) * (scale * clamp(nearest(inverse * (value - low)), 0, most) - min - value) ** 2;
    }
    return error;
  };
  let best: ScaleAndMin = { scale: range / most, min: -low };
  let leastError = errorOf(best, most / range);
  for (let step = 0; step <= steps; step++) {
    const inverse = (most + from + 0.1 * step) / range;
    const candidate = fitLine(x, weights, (value) => clamp(nearest(inverse * (value - low)), 0, most));
    if (candidate === null) continue;
    const error = errorOf(candidate, inverse);
    if (error < leastError) [best, leastError] = [candidate, error];
  }
  return best;
}

/** The weighted least-squares line through (q, x); its minimum is held at 0 where it would be negative. */
function fitLine(x: Float32Array, weights: Float32Array, numberOf: (value: number) => number): ScaleAndMin | null {
  let [w, wx, wq, wqq, wqx] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [value, weight] = [x[i] ?? 0, weights[i] ?? 0];
    const q = numberOf(value);
    w += weight;
    wx += weight * value;
    wq += weight * q;
    wqq += weight * q * q;
    wqx += weight * q * value;
  }
  const determinant = w * wqq - wq * wq;
  if (determinant <= 0) return null;
  const intercept = (wqq * wx - wq * wqx) / determinant;
  return intercept > 0 ? { scale: wqx / wqq, min: 0 } : { scale: (w * wqx - wx * wq) / determinant, min: -intercept };
}

/** x ≈ scale · q with q in -middle … middle - 1; errors weigh x². 0 for a sub-block of zeros. */
export function searchScale(x: Float32Array, middle: number): number {
  const extreme = x.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  if (Math.abs(extreme) < 1e-15) return 0;
  let [scale, gain] = [0, -1];
  for (let step = -9; step <= 9; step++) {
    const inverse = -(middle + 0.1 * step) / extreme;
    let [wqx, wqq] = [0, 0];
    for (const value of x) {
      const q = clamp(nearest(inverse * value), -middle, middle - 1);
      wqx += value * value * q * value;
      wqq += value * value * q * q;
    }
    // What a scale of wqx / wqq takes off the squared error.
    if (wqq > 0 && wqx * wqx > gain * wqq) [scale, gain] = [wqx / wqq, (wqx * wqx) / wqq];
  }
  return scale;
}
