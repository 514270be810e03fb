/** A benchmark task as its YAML file declares it: how a row becomes a prompt and what counts as right. No code, so that anybody can add one. */
import { z } from 'zod';
import { HanaSource } from './hana-source.ts';

const text = z.string().min(1);
/** A field of a row, inner ones behind a dot: `choices.text`. */
const field = text;

/** The name is what results are filed under. */
export const BenchmarkName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be lower-case letters, digits, dots, dashes and underscores');

/** Where solved items are drawn from: a file beside the items. Where it is not there, they are drawn from the items themselves. */
export const BenchmarkShots = z.strictObject({
  /** Name of the file, without its ending. */
  file: text,
  /** Which split it is. */
  split: z.string(),
  /** One more than asked for is drawn, and the item itself, or the last, left out: as the reference harness does where it knows of no test split. */
  one_more: z.boolean().default(false),
});

/** Where the rows come from: a file that the user puts there, or a HANA. */
export const BenchmarkData = z.strictObject({
  /** Name of the file in the folder of benchmark data, without its ending. */
  file: text,
  /** Page to get it from. */
  url: z.string(),
  /** Which of its splits is scored. */
  split: z.string(),
  licence: text,
  /** Names a row in the records; rows have to differ in it. Without it, or where a row lacks it, a row goes by its number. */
  id: field.nullable().default(null),
  shots: BenchmarkShots.optional(),
  /** Rows of a HANA, fetched before each run; then no file is looked for. */
  hana: HanaSource.optional(),
});

/** A replacement in the finished texts, for data that needs cleaning. */
export const BenchmarkReplacement = z.strictObject({
  /** Only in rows that have this field. */
  when: field.optional(),
  pattern: text,
  with: z.string(),
});

const common = {
  name: BenchmarkName,
  title: text,
  /** Raised whenever a change could change a score. */
  version: z.int().min(1),
  data: BenchmarkData,
  /** Fields that a row must have. What a template without conditions names is required anyway. */
  requires: z.array(field).default([]),
  replace: z.array(BenchmarkReplacement).default([]),
};

/** What the model reads before it answers (a Jinja template over the row's fields), and what stands between that and the answer. */
const prompted = { prompt: text, delimiter: z.string().default(' ') };

/** The choices of a row: a list in one of its fields, or one template each. */
export const BenchmarkChoices = z.union([z.strictObject({ field }), z.strictObject({ templates: z.array(text).min(2) })]);

/** Which choice is right: a number in a field, counted from `first`; or a label, to be found in the list `among`. */
export const BenchmarkAnswer = z.union([z.strictObject({ field, first: z.int().min(0).default(0) }), z.strictObject({ field, among: field })]);

export const MultipleChoiceTask = z.strictObject({
  kind: z.literal('multiple_choice'),
  ...common,
  ...prompted,
  choices: BenchmarkChoices,
  answer: BenchmarkAnswer,
  /** acc: the most probable choice is the right one. acc_norm: the most probable by character. The first is the task's score. */
  metrics: z.array(z.enum(['acc', 'acc_norm'])).min(1),
});

const normalisation = {
  ignore_case: z.boolean().default(false),
  ignore_punctuation: z.boolean().default(false),
};

/** The model writes an answer, greedily. */
const written = {
  ...common,
  ...prompted,
  /** The field with the right answer, or with a list of them. */
  answers: z.strictObject({ field }),
  /** Texts that end the answer; they are not part of it. */
  stop: z.array(text).default([]),
  max_tokens: z.int().min(1).max(4096).default(256),
  ...normalisation,
};

export const ExactMatchTask = z.strictObject({ kind: z.literal('exact_match'), ...written });
/** The answer is a field of the first JSON object in what the model writes. */
export const JsonFieldTask = z.strictObject({ kind: z.literal('json_field'), ...written, json_field: field });
/** The answer is what the pattern's first group (or the whole pattern) finds in what the model writes. */
export const RegexTask = z.strictObject({ kind: z.literal('regex'), ...written, pattern: text });

/** How well the model foresees a text. */
export const PerplexityTask = z.strictObject({ kind: z.literal('perplexity'), ...common, text });

export const BenchmarkTask = z.discriminatedUnion('kind', [MultipleChoiceTask, ExactMatchTask, JsonFieldTask, RegexTask, PerplexityTask]);
export type BenchmarkTask = z.infer<typeof BenchmarkTask>;
export type BenchmarkTaskInput = z.input<typeof BenchmarkTask>;
export type MultipleChoiceTask = z.infer<typeof MultipleChoiceTask>;
export type WrittenTask = z.infer<typeof ExactMatchTask> | z.infer<typeof JsonFieldTask> | z.infer<typeof RegexTask>;
export type PerplexityTask = z.infer<typeof PerplexityTask>;
