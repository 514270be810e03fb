/**
 * Does something at the next frame, once, however often it is asked; and not again before a rest. All that is asked anywhere in the page shares the frames:
 * what would make one too long is done in the next.
 */

/** Of a frame's sixteen milliseconds; the rest is for whoever else needs it. What was begun is finished. */
const budgetMs = 4;

type Act = () => void;

/** In the order they are done: those that may rest give way. */
const waiting: { readonly act: Act; readonly mayRest: boolean }[] = [];
let frame = 0;

function queue(act: Act, mayRest: boolean): void {
  const behind = waiting.findIndex((other) => other.mayRest && !mayRest);
  waiting.splice(behind < 0 ? waiting.length : behind, 0, { act, mayRest });
  if (frame === 0) frame = requestAnimationFrame(doSome);
}

function doSome(): void {
  frame = 0;
  const until = performance.now() + budgetMs;
  try {
    do waiting.shift()?.act();
    while (waiting.length > 0 && performance.now() < until);
  } finally {
    if (waiting.length > 0) frame = requestAnimationFrame(doSome);
  }
}

function unqueue(act: Act): void {
  const at = waiting.findIndex((each) => each.act === act);
  if (at >= 0) waiting.splice(at, 1);
}

export class NextFrame {
  #queued: Act | null = null;
  #timer = 0;
  #last = -Infinity;

  ask(restMs: number, act: Act): void {
    if (this.#queued !== null || this.#timer !== 0) return;
    const wait = this.#last + restMs - performance.now();
    if (wait <= 0) return this.#queue(act, restMs > 0);
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#queue(act, true);
    }, wait);
  }

  cancel(): void {
    if (this.#queued !== null) unqueue(this.#queued);
    clearTimeout(this.#timer);
    [this.#queued, this.#timer] = [null, 0];
  }

  #queue(act: Act, mayRest: boolean): void {
    this.#queued = () => {
      this.#queued = null;
      this.#last = performance.now();
      act();
    };
    queue(this.#queued, mayRest);
  }
}
