/** A length of time as people write it in a configuration: `30s`, `5m`, `2h`. */
import { z } from 'zod';

const millisecondsOf = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

export const Duration = z.string().regex(pattern, { error: 'must be a time such as 30s, 5m or 2h' });
export type Duration = z.infer<typeof Duration>;

/** In milliseconds. */
export function durationMs(duration: Duration): number {
  const [, amount, unit] = pattern.exec(duration) ?? [];
  return Number(amount) * millisecondsOf[unit as keyof typeof millisecondsOf];
}
