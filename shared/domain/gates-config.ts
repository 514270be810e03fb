/** The `gates` block: what must hold before a version may be approved. */
import { z } from 'zod';

export const GatesConfig = z.strictObject({
  min_accuracy: z.number().min(0).max(1),
  max_regression: z.number().min(0).max(1),
  min_gain: z.number().min(0).max(1),
  significance: z.number().gt(0).lt(1),
  benchmark: z.string().min(1),
});
export type GatesConfig = z.infer<typeof GatesConfig>;
