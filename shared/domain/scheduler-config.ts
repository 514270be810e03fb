/** The `scheduler` block: benchmarks that run by the clock. */
import { z } from 'zod';

export const SchedulerConfig = z.strictObject({
  schedule_type: z.enum(['cron', 'interval', 'manual']),
  cron_expression: z.string().regex(/^\s*(\S+\s+){4,5}\S+\s*$/, { error: 'must be a cron expression of five or six fields' }),
  benchmarks: z.array(z.string().min(1)).min(1),
  models: z.array(z.string().min(1)).min(1),
  max_concurrency: z.int().min(1).max(64),
});
export type SchedulerConfig = z.infer<typeof SchedulerConfig>;
