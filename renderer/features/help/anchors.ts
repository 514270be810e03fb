/** Addresses of headings, made of their words as other readers of Markdown make them, so that links written for those lead here too. */

/** One a page: a heading that comes again gets a number. */
export class Anchors {
  readonly #seen = new Map<string, number>();

  idOf(heading: string): string {
    const base = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const count = this.#seen.get(base) ?? 0;
    this.#seen.set(base, count + 1);
    return count === 0 ? base : `${base}-${count}`;
  }
}
