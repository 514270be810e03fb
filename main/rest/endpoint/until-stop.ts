/** Lets text through until a stop text comes; what may be its beginning waits until it is known. */
export class UntilStop {
  readonly #stops: readonly string[];
  readonly #longest: number;
  #held = '';
  #isOver = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
    this.#longest = Math.max(0, ...stops.map((stop) => stop.length));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What may be shown now. */
  add(text: string): string {
    if (this.#isOver) return '';
    const whole = this.#held + text;
    const ends = this.#stops.map((stop) => whole.indexOf(stop)).filter((at) => at !== -1);
    if (ends.length > 0) {
      this.#isOver = true;
      this.#held = '';
      return whole.slice(0, Math.min(...ends));
    }
    const keep = this.#heldLength(whole);
    this.#held = whole.slice(whole.length - keep);
    return whole.slice(0, whole.length - keep);
  }

  /** What was held back, where nothing more comes. */
  rest(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  #heldLength(text: string): number {
    for (let length = Math.min(this.#longest - 1, text.length); length > 0; length -= 1) {
      const tail = text.slice(-length);
      if (this.#stops.some((stop) => stop.startsWith(tail))) return length;
    }
    return 0;
  }
}
