/** What is kept of a benchmark: one line an item, to look at and to compare subjects by, and the figures over all of them. */
import { z } from 'zod';

const count = z.int().min(0);
/** 1: right, 0: wrong. */
const mark = z.union([z.literal(0), z.literal(1)]);

const item = {
  /** Position in the data file, from 0: the same for every subject. */
  index: count,
  id: z.string(),
  prompt: z.string(),
  /** Tokens that did not fit the model's context and were left out at the front. */
  cut_tokens: count,
};

export const ChoiceRecord = z.strictObject({
  kind: z.literal('choice'),
  ...item,
  choices: z.array(z.string()),
  answer: count,
  /** Natural logarithm of each choice's probability behind the prompt. */
  log_probs: z.array(z.number()),
  /** Whether the model would have written the choice by itself; null: a server computed it, and does not tell. */
  greedy: z.array(z.boolean()).nullable(),
  /** The most probable choice, as it is and by character. */
  choice: count,
  choice_norm: count,
  correct: z.strictObject({ acc: mark, acc_norm: mark }),
});
export type ChoiceRecord = z.infer<typeof ChoiceRecord>;

export const WrittenRecord = z.strictObject({
  kind: z.literal('written'),
  ...item,
  answers: z.array(z.string()),
  output: z.string(),
  /** What was compared; null where the output has no such thing. */
  extracted: z.string().nullable(),
  correct: z.strictObject({ exact_match: mark }),
});
export type WrittenRecord = z.infer<typeof WrittenRecord>;

export const TextRecord = z.strictObject({
  kind: z.literal('text'),
  ...item,
  log_prob: z.number(),
  tokens: count,
  words: count,
  bytes: count,
});
export type TextRecord = z.infer<typeof TextRecord>;

export const BenchmarkRecord = z.discriminatedUnion('kind', [ChoiceRecord, WrittenRecord, TextRecord]);
export type BenchmarkRecord = z.infer<typeof BenchmarkRecord>;

/** Everything that decides the scores; the first line of a file of records. Records of another one are never mixed in, nor compared. */
export const BenchmarkIdentity = z.strictObject({
  task: z.string(),
  task_version: count,
  /** Of the task as it was declared. */
  task_sha256: z.string(),
  data_sha256: z.string(),
  model_sha256: z.string(),
  adapter_sha256: z.string().nullable(),
  num_fewshot: count,
  /** Of the file that solved items are drawn from; null: they are drawn from the items themselves. Not there without solved items. */
  shots_sha256: z.string().nullable().optional(),
  chat_template: z.boolean(),
  limit: z.int().min(1).nullable(),
  /** `server`: a server computed it as it is set up there. */
  precision: z.enum(['fp32', 'bf16', 'server']),
  /** Of what is deployed: who answered, as `SERVER: MODEL`; its `model_sha256` is that of this text, since nobody here has seen the files. */
  served_as: z.string().optional(),
});
export type BenchmarkIdentity = z.infer<typeof BenchmarkIdentity>;

export const metricNames = ['acc', 'acc_norm', 'exact_match', 'word_perplexity', 'byte_perplexity', 'bits_per_byte'] as const;
export const BenchmarkMetric = z.object({
  name: z.enum(metricNames),
  value: z.number(),
  /** Standard error; null where there is none (one item) or none is defined. */
  stderr: z.number().nullable(),
});
export type BenchmarkMetric = z.infer<typeof BenchmarkMetric>;

export const BenchmarkResult = BenchmarkIdentity.extend({
  /** The first is the task's score. */
  metrics: z.array(BenchmarkMetric).min(1),
  items: z.int().min(1),
  /** Items that were longer than the model's context; they are scored from their end, as the reference harness does. */
  cut_items: count,
  /** Items that an earlier attempt had scored. */
  resumed_items: count,
  /** Of this attempt. */
  seconds: z.number().min(0),
  items_per_second: z.number().min(0),
  /** Where the records are. */
  records: z.string(),
});
export type BenchmarkResult = z.infer<typeof BenchmarkResult>;
