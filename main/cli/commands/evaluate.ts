/** `lathe evaluate`: loss, perplexity and exact match of a model, with or without an adapter, on rows. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import { z } from 'zod';
import { EvaluateJob, type EvaluateResult } from '../../../shared/contracts/compute-jobs.ts';
import { formatCount, formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { engineFromFlags, rowsFromFlags } from '../engine-request.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { addConfigFlags, rowAndEngineRows } from '../options/training-options.ts';
import { runJob } from '../run-job.ts';

interface EvaluateOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly data: string;
  readonly limit?: number;
  readonly maxNewTokens: number;
  readonly exactMatch: boolean;
  readonly rowsOut?: string;
}

const check = (flag: string, schema: z.ZodType) => (text: string) => parseFlag(flag, text, schema);

export const evaluateCommand = (host: HostSource): Command =>
  addConfigFlags(
    new Command('evaluate')
      .description('loss, perplexity and exact match on rows, with standard errors')
      .requiredOption('--model <path-or-name>', 'base model')
      .option('--adapter <path-or-run>', 'adapter folder or GGUF, or a run')
      .requiredOption('--data <path-or-name>', 'rows to score')
      .option('--limit <n>', 'only the first so many rows', check('--limit', z.int().min(1)))
      .option('--max-new-tokens <n>', 'longest answer that is generated for exact match', check('--max-new-tokens', EvaluateJob.shape.maxNewTokens), 256)
      .option('--no-exact-match', 'only the loss: nothing is generated')
      .option('--rows-out <file>', 'write one JSON object a row: what was expected, what came, whether it is right'),
    rowAndEngineRows,
    { columns: true },
  ).action((options: EvaluateOptions) => evaluate(host(), options));

async function evaluate(host: Host, options: EvaluateOptions): Promise<void> {
  const flags = { ...options } as Readonly<Record<string, unknown>>;
  const engine = engineFromFlags(host, flags);
  const result = await runJob(host, {
    job: {
      kind: 'evaluate',
      model: host.shelves.model(options.model),
      adapter: options.adapter === undefined ? null : host.shelves.adapter(options.adapter),
      data: host.shelves.dataset(options.data),
      rows: rowsFromFlags(host, flags),
      engine,
      exactMatch: options.exactMatch,
      maxNewTokens: options.maxNewTokens,
      limit: options.limit ?? null,
      rowsPath: options.rowsOut === undefined ? null : resolve(options.rowsOut),
    },
    correlation: 'evaluate',
    again: 'lathe evaluate',
  });
  host.reporter.done(result, evaluationLines(result));
}

const plusMinus = (error: number | null, show: (value: number) => string): string => (error === null ? '' : ` ± ${show(error)}`);

export const exactMatchText = ({ exact_match, exact_match_stderr }: Pick<EvaluateResult, 'exact_match' | 'exact_match_stderr'>): string =>
  exact_match === null ? 'not scored' : `${formatPercent(exact_match)}${plusMinus(exact_match_stderr, formatPercent)}`;

export const lossText = ({ loss, loss_stderr }: Pick<EvaluateResult, 'loss' | 'loss_stderr'>): string =>
  `${loss.toFixed(4)}${plusMinus(loss_stderr, (value) => value.toFixed(4))}`;

const evaluationLines = (result: EvaluateResult): readonly string[] => [
  `loss         ${lossText(result)}`,
  `perplexity   ${result.perplexity.toFixed(3)}`,
  `exact match  ${exactMatchText(result)}`,
  `over ${formatCount(result.rows)} rows and ${formatCount(result.tokens)} graded tokens in ${formatSeconds(result.seconds)}; ± is one standard error`,
];
