/**
 * Thins a series to what a screen can show: of every column of pixels its lowest and its highest value, in their order, so that no spike is lost.
 * The charting library's own thinning wants an object a point; at 100,000 points and ten updates a second that is what takes the time. A series that
 * grows keeps the extremes of its blocks, so that what is thinned anew is a few hundred blocks and not every point.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Points of a block: small enough to be less than a column of pixels where thinning is worth it, large enough to save the work. */
const blockLength = 64;

/** A series that is thinned again and again while it grows. Its arrays may be new ones each time, as long as their memory is the same. */
export class Thinner {
  #memory: unknown = null;
  #blocks = 0;
  /** Indexes of the lowest and of the highest number of each whole block; -1 where there is none. */
  #lows = new Int32Array(256);
  #highs = new Int32Array(256);

  /**
   * `xs` rises. Points that are no numbers are left out. `columns`: how many columns of pixels there are. One point beyond each end of the window is
   * kept, so that lines leave the picture.
   */
  thin(xs: ArrayLike<number>, ys: ArrayLike<number>, { from, to }: Window, columns: number): Point[] {
    const first = Math.max(0, firstFrom(xs, from) - 1);
    const end = Math.min(xs.length, firstFrom(xs, to) + 2);
    const count = end - first;
    if (count <= columns * 2) return pointsOf(xs, ys, first, end);
    this.#follow(ys);
    const points: Point[] = [];
    for (let column = 0; column < columns; column += 1) {
      const [low, high] = this.#extremes(ys, first + Math.floor((count * column) / columns), first + Math.floor((count * (column + 1)) / columns));
      const [earlier, later] = low < high ? [low, high] : [high, low];
      if (earlier >= 0) points.push({ x: xs[earlier] ?? 0, y: ys[earlier] ?? 0 });
      if (later > earlier) points.push({ x: xs[later] ?? 0, y: ys[later] ?? 0 });
    }
    return points;
  }

  /** Knows the blocks that have become whole; begins anew where the memory is another or the series is shorter. */
  #follow(ys: ArrayLike<number>): void {
    const memory = ArrayBuffer.isView(ys) ? ys.buffer : null;
    const whole = Math.floor(ys.length / blockLength);
    if (memory === null || memory !== this.#memory || whole < this.#blocks) this.#blocks = 0;
    this.#memory = memory;
    if (whole > this.#lows.length) [this.#lows, this.#highs] = [grown(this.#lows, whole), grown(this.#highs, whole)];
    for (let block = this.#blocks; block < whole; block += 1)
      [this.#lows[block], this.#highs[block]] = extremesOf(ys, block * blockLength, (block + 1) * blockLength);
    this.#blocks = whole;
  }

  /** Indexes of the lowest and the highest number in [start, end). */
  #extremes(ys: ArrayLike<number>, start: number, end: number): Extremes {
    const firstBlock = Math.ceil(start / blockLength);
    const endBlock = Math.min(this.#blocks, Math.floor(end / blockLength));
    if (endBlock <= firstBlock) return extremesOf(ys, start, end);
    let found = extremesOf(ys, start, firstBlock * blockLength);
    for (let block = firstBlock; block < endBlock; block += 1) found = wider(ys, found, [this.#lows[block] ?? -1, this.#highs[block] ?? -1]);
    return wider(ys, found, extremesOf(ys, endBlock * blockLength, end));
  }
}

/** Once, of a series that does not grow. */
export const decimate = (xs: ArrayLike<number>, ys: ArrayLike<number>, window: Window, columns: number): Point[] => new Thinner().thin(xs, ys, window, columns);

type Extremes = readonly [low: number, high: number];

function grown(indexes: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length * 2);
  larger.set(indexes);
  return larger;
}

function pointsOf(xs: ArrayLike<number>, ys: ArrayLike<number>, first: number, end: number): Point[] {
  const points: Point[] = [];
  for (let index = first; index < end; index += 1) {
    const y = ys[index] ?? Number.NaN;
    if (Number.isFinite(y)) points.push({ x: xs[index] ?? 0, y });
  }
  return points;
}

/** -1 where there is no number. */
function extremesOf(ys: ArrayLike<number>, start: number, end: number): Extremes {
  let [low, high] = [-1, -1];
  let [lowest, highest] = [Infinity, -Infinity];
  for (let index = start; index < end; index += 1) {
    const y = ys[index] ?? Number.NaN;
    if (y < lowest) {
      low = index;
      lowest = y;
    }
    if (y > highest) {
      high = index;
      highest = y;
    }
  }
  return [low, high];
}

function wider(ys: ArrayLike<number>, one: Extremes, other: Extremes): Extremes {
  const at = (index: number, none: number): number => (index < 0 ? none : (ys[index] ?? none));
  return [at(other[0], Infinity) < at(one[0], Infinity) ? other[0] : one[0], at(other[1], -Infinity) > at(one[1], -Infinity) ? other[1] : one[1]];
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
