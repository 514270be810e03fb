/** Whole numbers by chance that a seed decides: xoshiro128++ of Blackman and Vigna, seeded by SplitMix32. */
export class RandomNumbers {
  #state: readonly [number, number, number, number];

  constructor(seed: number) {
    let mixed = seed | 0;
    const mix = (): number => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return word ^ (word >>> 15);
    };
    this.#state = [mix(), mix(), mix(), mix()];
  }

  /** Each from 0 to below `below`. */
  fill(numbers: Uint32Array, below: number): void {
    let [a, b, c, d] = this.#state;
    const scale = below / 0x1_0000_0000;
    for (let i = 0; i < numbers.length; i += 1) {
      const sum = (a + d) | 0;
      numbers[i] = ((((sum << 7) | (sum >>> 25)) + a) >>> 0) * scale;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    this.#state = [a, b, c, d];
  }
}
