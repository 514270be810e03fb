/** Two subjects on the same items: what differs, and whether chance explains it. */
import { z } from 'zod';
import { metricNames } from './benchmark-record.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1);

export const Interval = z.object({ low: z.number(), high: z.number(), confidence: share });
export type Interval = z.infer<typeof Interval>;

/** The second against the first, on items that both have. */
export const PairedComparison = z.object({
  base: z.string(),
  other: z.string(),
  base_label: z.string(),
  other_label: z.string(),
  task: z.string(),
  metric: z.enum(metricNames),
  items: z.int().min(1),
  base_value: z.number(),
  other_value: z.number(),
  /** Other minus base: of shares; of bits a byte; of the logarithms of perplexities, where less is better. */
  difference: z.number(),
  /** Of the difference: bootstrap over items, which keeps the pairs together (ADR 20). */
  interval: Interval,
  /** Two-sided, of the bootstrap. */
  bootstrap_p: share,
  /** Exact; null where items are not right or wrong. */
  mcnemar: z.object({ gained: count, lost: count, p: share }).nullable(),
  /** At 1 - confidence: of McNemar's test where there is one, else of the bootstrap. */
  verdict: z.enum(['better', 'worse', 'undecided']),
  /** The smallest true difference that so many items would have shown with 80 % power; 1 where no share would. */
  detectable: z.number().min(0),
  /** A sentence, numbers and all. */
  words: z.string(),
});
export type PairedComparison = z.infer<typeof PairedComparison>;
