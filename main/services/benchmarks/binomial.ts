/** The binomial distribution, as far as it can be told from nothing, and bounds of a share that follow from it. */

/** Probabilities of `first`, `first` + 1, … successes; what lies outside is less than 1e-16 of the likeliest. */
export interface Binomial {
  readonly first: number;
  readonly terms: Float64Array;
}

const negligible = 1e-17;

/** From the likeliest number outwards by the ratio of neighbours, so that nothing under- or overflows. */
export function binomial(trials: number, share: number): Binomial {
  if (share <= 0 || share >= 1) return { first: share <= 0 ? 0 : trials, terms: Float64Array.of(1) };
  const odds = share / (1 - share);
  const mode = Math.min(trials, Math.floor((trials + 1) * share));
  const up: number[] = [1];
  for (let k = mode; k < trials; k += 1) {
    const next = (up[up.length - 1] ?? 0) * ((trials - k) / (k + 1)) * odds;
    if (next < negligible) break;
    up.push(next);
  }
  const down: number[] = [];
  for (let k = mode, last = 1; k > 0; k -= 1) {
    last *= k / (trials - k + 1) / odds;
    if (last < negligible) break;
    down.push(last);
  }
  const terms = Float64Array.from([...down.reverse(), ...up]);
  const total = terms.reduce((sum, term) => sum + term, 0);
  return { first: mode - down.length, terms: terms.map((term) => term / total) };
}

/** P(at most `count`) and P(at least `count`). */
export function tails(trials: number, share: number, count: number): { readonly atMost: number; readonly atLeast: number } {
  const { first, terms } = binomial(trials, share);
  let [atMost, atLeast] = [0, 0];
  terms.forEach((term, i) => {
    if (first + i <= count) atMost += term;
    if (first + i >= count) atLeast += term;
  });
  return { atMost, atLeast };
}

/** Exact one-sided bounds of a share (Clopper and Pearson): each is wrong at most as often as `error` says. */
export function boundsOfShare(right: number, of: number, error: number): { readonly low: number; readonly high: number } {
  return {
    low: right === 0 ? 0 : bisect((share) => tails(of, share, right).atLeast < error),
    high: right === of ? 1 : bisect((share) => tails(of, share, right).atMost > error),
  };
}

/** The number between 0 and `to` up to which `isBelow` holds. */
export function bisect(isBelow: (value: number) => boolean, to = 1): number {
  let [low, high] = [0, to];
  for (let i = 0; i < 50; i += 1) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
