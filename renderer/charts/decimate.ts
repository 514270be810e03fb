/**
 * Thins a series to what a screen can show: of every column of pixels its lowest and its highest value, in their order, so that no spike is lost.
 * The charting library's own thinning wants an object a point; at 100,000 points and ten updates a second that is what takes the time.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** `xs` rises. Points that are no numbers are left out. `columns`: how many columns of pixels there are. One point beyond each end is kept, so that lines leave the picture. */
export function decimate(xs: ArrayLike<number>, ys: ArrayLike<number>, { from, to }: Window, columns: number): Point[] {
  const first = Math.max(0, firstFrom(xs, from) - 1);
  const last = Math.min(xs.length - 1, firstFrom(xs, to) + 1);
  const count = last - first + 1;
  if (count <= columns * 2) return pointsOf(xs, ys, first, last);
  const points: Point[] = [];
  for (let column = 0; column < columns; column += 1) {
    const start = first + Math.floor((count * column) / columns);
    const end = first + Math.floor((count * (column + 1)) / columns);
    const [low, high] = extremes(ys, start, end);
    for (const index of low < high ? [low, high] : low === high ? [low] : [high, low]) {
      if (index >= 0) points.push({ x: xs[index] ?? 0, y: ys[index] ?? 0 });
    }
  }
  return points;
}

function pointsOf(xs: ArrayLike<number>, ys: ArrayLike<number>, first: number, last: number): Point[] {
  const points: Point[] = [];
  for (let index = first; index <= last; index += 1) {
    const y = ys[index] ?? Number.NaN;
    if (Number.isFinite(y)) points.push({ x: xs[index] ?? 0, y });
  }
  return points;
}

/** Indexes of the lowest and the highest number in [start, end); -1 where there is none. */
function extremes(ys: ArrayLike<number>, start: number, end: number): readonly [low: number, high: number] {
  let [low, high, lowest, highest] = [-1, -1, Infinity, -Infinity];
  for (let index = start; index < end; index += 1) {
    const y = ys[index] ?? Number.NaN;
    if (y < lowest) [low, lowest] = [index, y];
    if (y > highest) [high, highest] = [index, y];
  }
  return [low, high];
}

/** Index of the first x that is not below `value`. */
function firstFrom(xs: ArrayLike<number>, value: number): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
