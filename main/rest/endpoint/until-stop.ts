/** Lets text through until a stop text is complete, as a model that is stopped between two tokens would; what may be the beginning of one waits until it is known. */
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
    const start = firstComplete(whole, this.#stops);
    if (start !== null) {
      this.#isOver = true;
      this.#held = '';
      return whole.slice(0, start);
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

/** Where the stop text begins that ends first; of those that end together, the longest. So it does not matter in which pieces text comes. */
function firstComplete(text: string, stops: readonly string[]): number | null {
  const found = stops.map((stop) => ({ start: text.indexOf(stop), length: stop.length })).filter(({ start }) => start !== -1);
  const first = found.toSorted((a, b) => a.start + a.length - (b.start + b.length) || a.start - b.start)[0];
  return first?.start ?? null;
}
