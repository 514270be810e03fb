/** Names of runs: the start in UTC and some chance, so that they sort by time. */
import { z } from 'zod';

const pattern = /^\d{8}-\d{6}-[a-z0-9]{4}$/;

export const RunId = z.string().regex(pattern, { error: 'must look like 20260131-142530-k3f9' }).brand('RunId');
export type RunId = z.infer<typeof RunId>;

/** `random` gives numbers in [0, 1). */
export function newRunId(now: Date, random: () => number = Math.random): RunId {
  const digits = now.toISOString().replace(/\D/g, '');
  const chance = Array.from({ length: 4 }, () => Math.floor(random() * 36).toString(36)).join('');
  return RunId.parse(`${digits.slice(0, 8)}-${digits.slice(8, 14)}-${chance}`);
}
