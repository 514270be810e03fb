/** Exponential moving average, with the correction for its start (Adam's), so that the first values are not pulled to nought. */

/** Of a series that grows: what is smoothed already is not smoothed again, and lies in memory that only changes when it has to become larger. */
export class Smoother {
  readonly #weight: number;
  #memory: unknown = null;
  #smoothed = new Float64Array(1_024);
  #length = 0;
  #sum = 0;
  #norm = 0;

  /** `weight`: of what came before, 0 (none) to below 1. */
  constructor(weight: number) {
    this.#weight = weight;
  }

  /** What is no number leaves the average as it was. Valid until the next call. */
  smooth(ys: ArrayLike<number>): Float64Array {
    const memory = ArrayBuffer.isView(ys) ? ys.buffer : ys;
    if (memory !== this.#memory || ys.length < this.#length) this.#begin(memory);
    if (ys.length > this.#smoothed.length) this.#grow(ys.length);
    for (let index = this.#length; index < ys.length; index += 1) {
      const y = ys[index] ?? Number.NaN;
      if (Number.isFinite(y)) {
        this.#sum = this.#weight * this.#sum + (1 - this.#weight) * y;
        this.#norm = this.#weight * this.#norm + (1 - this.#weight);
      }
      this.#smoothed[index] = this.#norm === 0 ? Number.NaN : this.#sum / this.#norm;
    }
    this.#length = ys.length;
    return this.#smoothed.subarray(0, this.#length);
  }

  /** In new memory: whoever keeps what is known of the old one sees that it is another series. */
  #begin(memory: unknown): void {
    this.#memory = memory;
    this.#smoothed = new Float64Array(this.#smoothed.length);
    [this.#length, this.#sum, this.#norm] = [0, 0, 0];
  }

  #grow(length: number): void {
    const larger = new Float64Array(length * 2);
    larger.set(this.#smoothed);
    this.#smoothed = larger;
  }
}

/** Once, of a series that does not grow. */
export const smooth = (ys: ArrayLike<number>, weight: number): Float64Array => new Smoother(weight).smooth(ys);
