/** A set of 64-bit digests in one typed array: eight bytes a row instead of an object, so that millions of rows can be told apart. */

export class DigestSet {
  #slots = new BigUint64Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a digest; false if it was there. Zero marks an empty slot, so a digest of zero counts as one. */
  add(digest: bigint): boolean {
    const value = digest === 0n ? 1n : digest;
    if (2 * (this.#size + 1) > this.#slots.length) this.#grow();
    const slot = this.#find(value);
    if (this.#slots[slot] === value) return false;
    this.#slots[slot] = value;
    this.#size += 1;
    return true;
  }

  /** The slot that holds the value, or the empty one where it belongs. */
  #find(value: bigint): number {
    const mask = this.#slots.length - 1;
    let slot = Number(value & BigInt(mask));
    while (this.#slots[slot] !== 0n && this.#slots[slot] !== value) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new BigUint64Array(2 * old.length);
    for (const value of old) if (value !== 0n) this.#slots[this.#find(value)] = value;
  }
}
