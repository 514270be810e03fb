/** How the requests for one alias are shared between two models: what `lathe proxy` is told, and what it tells. */
import { z } from 'zod';

const name = z.string().min(1).max(200);

export const TrafficSplit = z.strictObject({
  /** The public name. */
  alias: name,
  previous: name,
  new: name,
  /** Percent of the callers that get the new one; a caller who has it keeps it while the share grows. */
  share: z.number().min(0).max(100),
});
export type TrafficSplit = z.infer<typeof TrafficSplit>;

const count = z.int().min(0);

/** Of the last requests that a side answered, and how many there were since the split was made. */
export const SideFigures = z.object({
  requests: count,
  /** The server said no (5xx), broke off, or sent an error within a stream. */
  failures: count,
  /** Until the first byte of the answer's body, and until its end; null without requests. */
  first_ms: z.object({ p50: z.number(), p95: z.number() }).nullable(),
  total_ms: z.object({ p50: z.number(), p95: z.number() }).nullable(),
});
export type SideFigures = z.infer<typeof SideFigures>;

export const SplitReport = z.object({ split: TrafficSplit, since: z.iso.datetime(), new: SideFigures, previous: SideFigures });
export type SplitReport = z.infer<typeof SplitReport>;
export const SplitReports = z.object({ splits: z.array(SplitReport) });
export type SplitReports = z.infer<typeof SplitReports>;
