/** The `gates` block: what must hold before a version may be approved. */
import { z } from 'zod';

export const GatesConfig = z.strictObject({
  /** Of the version itself, on `benchmark`. */
  min_accuracy: z.number().min(0).max(1),
  /** How much worse than its base model it may be, on any benchmark that both have. Of perplexities: the logarithm of their ratio. */
  max_regression: z.number().min(0).max(1),
  /** How much better than its base model it has to be, on `benchmark`. */
  min_gain: z.number().min(0).max(1),
  /** The chance of being wrong that each rule takes. Other things being equal a smaller one needs more items. */
  significance: z.number().gt(0).lt(0.5),
  benchmark: z.string().min(1),
});
export type GatesConfig = z.infer<typeof GatesConfig>;

/** Those that are set. */
export const GateRules = GatesConfig.partial();
export type GateRules = z.infer<typeof GateRules>;
