/** The evaluate job: a model, with or without an adapter, over the rows of a data file. */
import { readFileSync } from 'node:fs';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { EvaluatedRow, EvaluateResult, JobOf } from '../../../shared/contracts/compute-jobs.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { DatasetOptions } from '../../data/dataset-options.ts';
import { DatasetPass } from '../../data/render-dataset.ts';
import type { RenderedRow } from '../../data/types.ts';
import { writeWholeFileAtomically } from '../../formats/atomic-file.ts';
import { withFileErrors } from '../../formats/file-errors.ts';
import { checkAnswer, rowLosses, type RowLoss } from '../../inference/evaluate-rows.ts';
import { loadForInference, type LoadedModel } from '../../inference/load-for-inference.ts';
import { breathe, type JobContext } from '../../inference/job-context.ts';

export async function evaluate(job: JobOf<'evaluate'>, context: JobContext): Promise<EvaluateResult> {
  const started = performance.now();
  using loaded = loadForInference(job);
  const rows = await readAll(job, loaded);
  const losses = await scoreAll(loaded, rows, context);
  const evaluated: EvaluatedRow[] = [];
  for (const [id, row] of rows.entries()) {
    const { sum, tokens } = losses[id] ?? { sum: 0, tokens: 0 };
    const answer = job.exactMatch ? await checkAnswer(loaded, row, job.maxNewTokens) : { correct: null, expected: null, output: null };
    evaluated.push({ id, ...answer, loss: tokens === 0 ? 0 : sum / tokens, tokens });
    context.emit({ event: 'progress', what: 'rows', done: id + 1, total: rows.length });
    await pause(context, `after ${id + 1} of ${rows.length} rows`);
  }
  if (job.rowsPath !== null) await writeWholeFileAtomically(job.rowsPath, evaluated.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return summarise(evaluated, (performance.now() - started) / 1000);
}

/** The losses come first, many rows at once: on a large file that alone takes minutes. */
async function scoreAll(loaded: LoadedModel, rows: readonly RenderedRow[], context: JobContext): Promise<RowLoss[]> {
  const losses: RowLoss[] = [];
  for (const loss of rowLosses(loaded, rows)) {
    losses.push(loss);
    context.emit({ event: 'progress', what: 'losses', done: losses.length, total: rows.length });
    await pause(context, `after the losses of ${losses.length} of ${rows.length} rows`);
  }
  return losses;
}

/** Hears whether it is to stop. Throws CANCELLED. */
async function pause(context: JobContext, where: string): Promise<void> {
  await breathe(context);
  if (context.signal.aborted) throw new AppError('CANCELLED', { where, resume: 'lathe evaluate' });
}

async function readAll({ data, rows: settings, limit }: JobOf<'evaluate'>, { tokenizer, modelTemplate }: LoadedModel): Promise<RenderedRow[]> {
  const options: DatasetOptions = {
    path: data,
    tokenizer,
    modelTemplate,
    columns: settings.columns,
    trainOn: settings.trainOn,
    maxSeqLength: settings.maxSeqLength,
    keepDuplicates: true,
    ...templateOption(settings.chatTemplate),
  };
  const rows: RenderedRow[] = [];
  for await (const { row } of new DatasetPass(options).rows()) {
    rows.push(row);
    if (rows.length === limit) break;
  }
  return rows;
}

/** A template file, where one was given. */
export const templateOption = (path: string | null): Pick<DatasetOptions, 'chatTemplate'> =>
  path === null ? {} : { chatTemplate: { jinja: withFileErrors({ path, what: 'Chat template', action: 'read' }, () => readFileSync(path, 'utf8')) } };

/** Standard error of a mean. */
const standardError = (values: readonly number[]): number | null =>
  values.length < 2 ? null : sampleStandardDeviation([...values]) / Math.sqrt(values.length);

function summarise(rows: readonly EvaluatedRow[], seconds: number): EvaluateResult {
  const tokens = rows.reduce((sum, row) => sum + row.tokens, 0);
  const loss = rows.reduce((sum, row) => sum + row.loss * row.tokens, 0) / tokens;
  const matches = rows.flatMap(({ correct }) => (correct === null ? [] : [correct ? 1 : 0]));
  return {
    loss,
    // Rows are the units drawn; each stands for its tokens (ratio estimator).
    loss_stderr: standardError(rows.map((row) => loss + (row.tokens * (row.loss - loss) * rows.length) / tokens)),
    perplexity: Math.exp(loss),
    exact_match: matches.length === 0 ? null : mean(matches),
    exact_match_stderr: matches.length === 0 ? null : standardError(matches),
    rows: rows.length,
    tokens,
    seconds,
  };
}
