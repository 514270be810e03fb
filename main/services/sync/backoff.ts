/** How long to wait after failures in a row: anything up to a limit that doubles, so that many laptops do not come back at once. */
const firstMs = 1_000;
const mostMs = 5 * 60_000;

/** `failures`: in a row, from 1 on. `chance`: from 0 to 1. */
export function waitAfter(failures: number, chance: () => number = Math.random): number {
  const limit = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 30));
  return Math.round(firstMs / 2 + chance() * (limit - firstMs / 2));
}
