/** Python's `random.Random` as far as `sample` needs it: the reference harness draws its solved items with it. */
import { mersenneFromState } from 'pure-rand/generator/mersenne';

/** Words of the Mersenne Twister's state. */
const WORDS = 624;

export class PythonRandom {
  readonly #twister: ReturnType<typeof mersenneFromState>;

  /** `seed`: a whole number below 2 ** 32. */
  constructor(seed: number) {
    // pure-rand twists a word as soon as it is read; Python all of them before the first is.
    this.#twister = mersenneFromState([0, ...seededBy(seed)]);
    for (let word = 0; word < WORDS; word += 1) this.#twister.next();
  }

  /** `k` different ones of the numbers below `n`, in the order in which Python's `sample` draws them. */
  sample(n: number, k: number): number[] {
    return n <= poolLimit(k) ? this.#fromPool(n, k) : this.#fromAll(n, k);
  }

  #fromPool(n: number, k: number): number[] {
    const pool = Array.from({ length: n }, (_, i) => i);
    return Array.from({ length: k }, (_, i) => {
      const at = this.#below(n - i);
      const drawn = pool[at] ?? 0;
      pool[at] = pool[n - i - 1] ?? 0;
      return drawn;
    });
  }

  #fromAll(n: number, k: number): number[] {
    const drawn = new Set<number>();
    while (drawn.size < k) drawn.add(this.#below(n));
    return [...drawn];
  }

  /** Draws again what is too large, so that all are equally likely. */
  #below(n: number): number {
    const unused = Math.clz32(n);
    for (;;) {
      const drawn = this.#twister.next() >>> unused;
      if (drawn < n) return drawn;
    }
  }
}

/** Up to how many a list is drawn from by exchange; beyond, a set remembers what was drawn. */
const poolLimit = (k: number): number => 21 + (k > 5 ? 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 0);

/** The twister's `init_by_array` with the seed as its only key. */
function seededBy(seed: number): number[] {
  const state = [19_650_218];
  for (let i = 1; i < WORDS; i += 1) state.push((Math.imul(1_812_433_253, mixed(state[i - 1])) + i) | 0);
  let at = 1;
  const step = (multiplier: number, added: (at: number) => number): void => {
    state[at] = (((state[at] ?? 0) ^ Math.imul(mixed(state[at - 1]), multiplier)) + added(at)) | 0;
    at += 1;
    if (at < WORDS) return;
    state[0] = state[WORDS - 1] ?? 0;
    at = 1;
  };
  for (let i = 0; i < WORDS; i += 1) step(1_664_525, () => seed);
  for (let i = 1; i < WORDS; i += 1) step(1_566_083_941, (position) => -position);
  state[0] = 0x8000_0000 | 0;
  return state;
}

const mixed = (word = 0): number => word ^ (word >>> 30);
