/** The `data` block: which rows are learnt and which are held back. */
import { z } from 'zod';

/** What a row's columns mean, where detection does not see it: `{ prompt: question, completion: answer }`. */
export const ColumnMapping = z.record(z.string().min(1), z.string().min(1));
export type ColumnMapping = z.infer<typeof ColumnMapping>;

export const DataConfig = z.strictObject({
  path: z.string().min(1),
  columns: ColumnMapping,
  /** Rows to evaluate on; null: `holdout_fraction` of `path` is held back instead. */
  eval_path: z.string().min(1).nullable(),
  /** Share of the rows held back, chosen by `training.seed`; 0: none, so there is no evaluation. */
  holdout_fraction: z.number().min(0).max(0.5),
  /** A Jinja file used instead of the model's own chat template. */
  chat_template: z.string().min(1).nullable(),
  /** Only the first so many rows. */
  max_rows: z.int().min(1).nullable(),
});
export type DataConfig = z.infer<typeof DataConfig>;

/** Everything but the path has a default. */
export const dataDefaults: Omit<DataConfig, 'path'> = { columns: {}, eval_path: null, holdout_fraction: 0.05, chat_template: null, max_rows: null };
