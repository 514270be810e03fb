/** Calls that set scores against each other. */
import { z } from 'zod';
import { PairedComparison } from '../domain/benchmark-comparison.ts';
import { BenchmarkRecord, metricNames } from '../domain/benchmark-record.ts';
import { itemPage, ScoreName } from './benchmark-calls.ts';
import { call } from './call.ts';

const count = z.int().min(0);
/** null: the task's score. */
const metric = z.enum(metricNames).nullable().default(null);

/** An item on which two subjects may differ. */
export const ItemPair = z.object({ index: count, id: z.string(), base: BenchmarkRecord, other: BenchmarkRecord });
export type ItemPair = z.infer<typeof ItemPair>;

export const comparisonCalls = {
  'benchmarks.compare': call({
    does: 'scores of the same items against the first of them: difference with its interval, paired tests',
    role: 'viewer',
    /** On one task. Throws SCORES_NOT_COMPARABLE where they were made in different ways. */
    input: z.strictObject({ scores: z.array(ScoreName).min(2).max(20), metric, confidence: z.number().min(0.5).max(0.999).default(0.95) }),
    output: z.object({ comparisons: z.array(PairedComparison) }),
  }),
  'benchmarks.flips': call({
    does: 'the items that one score has right and the other wrong; of texts, those that became more and less probable',
    role: 'viewer',
    input: z.strictObject({ base: ScoreName, other: ScoreName, metric, direction: z.enum(['gained', 'lost', 'both']).default('both'), ...itemPage }),
    output: z.object({ items: z.array(ItemPair), total: count, more: z.boolean() }),
  }),
} as const;
export type ComparisonCallName = keyof typeof comparisonCalls;
