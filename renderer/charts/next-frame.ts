/** Does something at the next frame, once, however often it is asked; and not again before a rest. */

export class NextFrame {
  #frame = 0;
  #timer = 0;
  #last = -Infinity;

  ask(restMs: number, act: () => void): void {
    if (this.#frame !== 0 || this.#timer !== 0) return;
    const wait = this.#last + restMs - performance.now();
    if (wait > 0) {
      this.#timer = window.setTimeout(() => {
        this.#timer = 0;
        this.ask(0, act);
      }, wait);
      return;
    }
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#last = performance.now();
      act();
    });
  }

  cancel(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    [this.#frame, this.#timer] = [0, 0];
  }
}
