/** What the gate's rules say of a version, with the figures that say it. */
import { z } from 'zod';

export const GateAnswer = z.enum(['pass', 'fail', 'inconclusive']);
export type GateAnswer = z.infer<typeof GateAnswer>;

export const GateRuleVerdict = z.object({
  rule: z.enum(['min_accuracy', 'min_gain', 'max_regression']),
  verdict: GateAnswer,
  /** `any`: the version and its base have none in common. */
  benchmark: z.string(),
  bound: z.number(),
  /** The accuracy, or by how much it is better than the base model; null where nothing was scored. */
  value: z.number().nullable(),
  /** One-sided bounds of it at the gate's significance. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Ids of the scores that it rests on. */
  scores: z.array(z.string()),
  /** A sentence. */
  words: z.string(),
});
export type GateRuleVerdict = z.infer<typeof GateRuleVerdict>;

export const GateVerdict = z.object({
  name: z.string(),
  version: z.string(),
  /** `fail` if any rule fails, else `inconclusive` if any is, else `pass`; null: no rule is set. */
  verdict: GateAnswer.nullable(),
  significance: z.number().gt(0).lt(1),
  rules: z.array(GateRuleVerdict),
});
export type GateVerdict = z.infer<typeof GateVerdict>;

/** As it stood when a version was approved. `against`: it was not `pass`, and somebody answers for that with a reason. */
export const KeptVerdict = GateVerdict.extend({ against: z.boolean() });
export type KeptVerdict = z.infer<typeof KeptVerdict>;
