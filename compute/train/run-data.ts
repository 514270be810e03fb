/** The rows of a run: tokenised into the cache, split into training and holdout, given out by position. */
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { readFileSync } from 'node:fs';
import { AppError } from '../../shared/errors/app-error.ts';
import { countGraded } from '../data/layout-rows.ts';
import { createLoader, type Loader } from '../data/loader.ts';
import { splitRows } from '../data/split.ts';
import type { TokenCache } from '../data/token-cache-file.ts';
import { openTokenCache } from '../data/token-cache.ts';
import type { DatasetReport, RenderedRow } from '../data/types.ts';
import { withFileErrors } from '../formats/file-errors.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { knownHashes } from '../formats/known-hashes.ts';
import type { HashOf } from '../formats/sha256.ts';
import { loadTokenizer } from '../formats/tokenizer/load-tokenizer.ts';
import { rememberedTokenizer } from '../formats/tokenizer/remembered-tokenizer.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import { tracedNow, type JobContext } from '../inference/job-context.ts';

/** What one epoch trains on: the rows that are not held out. */
export interface EpochSize {
  readonly rows: number;
  readonly tokens: number;
  readonly gradedTokens: number;
}

export interface RunData extends Disposable {
  /** Equal where the rows become the same tokens: it covers the files, the tokenizer, the template and its date, and the settings. */
  readonly fingerprint: string;
  readonly tokenizer: Tokenizer;
  /** The model's own, if it has one. */
  readonly modelTemplate: string | null;
  /** Of the whole data file, with what is held out. */
  readonly report: DatasetReport;
  readonly epoch: EpochSize;
  readonly loader: Loader;
  /** Token counts of the training rows, by place in `trainRows`. */
  readonly trainRows: Uint32Array;
  readonly lengthOf: (row: number) => number;
  /** How many training rows have something to learn in their first `length` tokens. */
  readonly rowsLearntWithin: (length: number) => number;
  /** Rows that are evaluated and never trained on. */
  readonly holdout: readonly RenderedRow[];
  /** What fills a padded row. */
  readonly padId: number;
}

/** Opens or makes the token cache. Throws the DATASET_* errors. */
export async function openRunData(source: ModelSource, { config }: TrainingRequest, context: JobContext): Promise<RunData> {
  const { data, training } = config;
  const { cacheDirectory } = context;
  const build = (): Tokenizer => tracedNow(context, 'tokenizer built', () => loadTokenizer(source.tokenizer, source.path));
  const tokenizer = rememberedTokenizer({ files: source.files, cacheDirectory, build });
  const hashOf = hashesFor(context);
  const chatTemplate = data.chat_template === null ? ('auto' as const) : { jinja: readTemplate(data.chat_template) };
  const open = async (path: string): Promise<TokenCache> => {
    const settings = { columns: data.columns, trainOn: training.train_on, maxSeqLength: training.max_seq_length, chatTemplate };
    const shared = { tokenizer, modelTemplate: source.chatTemplate, cacheDirectory, hashOf, signal: context.signal };
    const started = performance.now();
    try {
      const { cache, origin } = await openTokenCache({ path, ...settings, ...shared });
      context.trace?.(origin === 'found' ? 'cached tokens opened' : 'rows tokenised', performance.now() - started);
      return cache;
    } catch (error) {
      throw isStop(error, context.signal) ? new AppError('CANCELLED', { where: 'while the rows were read', resume: 'lathe train' }) : error;
    }
  };
  const cache = await open(data.path);
  const separate = data.eval_path === null ? null : await open(data.eval_path);
  const split = splitRows(cache, { fraction: separate === null ? data.holdout_fraction : 0, seed: training.seed });
  const trainRows = data.max_rows === null ? split.train : split.train.subarray(0, data.max_rows);
  const holdout =
    separate === null ? Array.from(split.holdout, (row) => cache.read(row)) : Array.from({ length: separate.rows }, (_, row) => separate.read(row));
  const fingerprint = [cache.key, ...(separate === null ? [] : [separate.key])].join(' ');
  separate?.[Symbol.dispose]();
  if (trainRows.length === 0) throw new AppError('DATASET_EMPTY', { path: data.path, reasons: 'all rows are held out' });
  return {
    fingerprint,
    tokenizer,
    modelTemplate: source.chatTemplate,
    report: cache.report,
    epoch: epochOf(cache, trainRows),
    loader: createLoader({ cache, indices: trainRows, batchSize: training.batch_size, accumulation: training.gradient_accumulation, seed: training.seed }),
    trainRows,
    lengthOf: (row) => cache.length(row),
    rowsLearntWithin: (length) => trainRows.reduce((count, row) => count + (isLearntWithin(cache.read(row), length) ? 1 : 0), 0),
    holdout,
    padId: tokenizer.padId ?? tokenizer.eosId ?? 0,
    [Symbol.dispose]: () => cache[Symbol.dispose](),
  };
}

/** Hashes of the run's files: those that have not changed since an earlier run are not read again. */
export const hashesFor = (context: JobContext): HashOf => knownHashes(context.cacheDirectory, (_, ms) => context.trace?.('file hashed', ms));

function epochOf(cache: TokenCache, trainRows: Uint32Array): EpochSize {
  const epoch = { rows: trainRows.length, tokens: 0, gradedTokens: 0 };
  for (const row of trainRows) {
    epoch.tokens += cache.length(row);
    epoch.gradedTokens += countGraded(cache.read(row));
  }
  return epoch;
}

const isLearntWithin = ({ tokens, graded }: RenderedRow, length: number): boolean =>
  countGraded({ tokens: tokens.subarray(0, length), graded: graded.subarray(0, length) }) > 0;

const isStop = (error: unknown, signal: AbortSignal): boolean => signal.aborted && error === signal.reason;

const readTemplate = (path: string): string => withFileErrors({ path, what: 'Chat template', action: 'read' }, () => readFileSync(path, 'utf8'));
