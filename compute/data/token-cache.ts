/** Finds the token cache of a data set, or makes it. Its name is the hash of all that decides what is in it. */
import { createHash } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { withFileErrors } from '../formats/file-errors.ts';
import { sha256OfFile, type HashOf } from '../formats/sha256.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { dataFormatOf } from './readers/read-rows.ts';
import { DatasetPass, type DatasetRow } from './render-dataset.ts';
import { TokenCache, writeTokenCache } from './token-cache-file.ts';

/** Raised when the meaning of a row's tokens changes, so that old caches are made anew. */
const cacheVersion = 1;

const progressEvery = 1000;

export interface TokenCacheOptions extends DatasetOptions {
  readonly cacheDirectory: string;
  /** How the data file is hashed; default: by reading it. */
  readonly hashOf?: HashOf;
  /** Told the number of rows read so far, every thousand. */
  readonly onProgress?: (rows: number) => void;
  /** Stops the tokenising between two rows. */
  readonly signal?: AbortSignal;
}

function keyOf(options: TokenCacheOptions, pass: DatasetPass, dataSha256: string): string {
  const { tokenizer, maxSeqLength, trainOn = 'assistant', layout = null, columns = {}, keepDuplicates = false } = options;
  const { source, day, completionsAsChat } = pass.template;
  const sortedColumns = Object.entries(columns).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = [cacheVersion, dataSha256, tokenizer.fingerprint, source, completionsAsChat, day, maxSeqLength, trainOn, layout, sortedColumns, keepDuplicates];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

async function* watched(rows: AsyncIterable<DatasetRow>, { onProgress, signal }: TokenCacheOptions): AsyncGenerator<DatasetRow> {
  let done = 0;
  signal?.throwIfAborted();
  for await (const row of rows) {
    signal?.throwIfAborted();
    yield row;
    done += 1;
    if (done % progressEvery === 0) onProgress?.(done);
  }
}

const stateOf = (path: string): string => {
  const { size, mtimeMs, ino } = withFileErrors({ path, what: 'Data file', action: 'read' }, () => statSync(path));
  return [size, mtimeMs, ino].join(' ');
};

export interface OpenedTokenCache {
  readonly cache: TokenCache;
  /** Whether it was made just now: 'new', 'damaged' (the old file was unsound), or taken as it lay there. */
  readonly origin: 'found' | 'new' | 'damaged';
}

/** The cache of this data set with these settings. The caller disposes of it. */
export async function openTokenCache(options: TokenCacheOptions): Promise<OpenedTokenCache> {
  const pass = new DatasetPass(options);
  dataFormatOf(options.path); // Refuses a folder, which could not be hashed.
  const before = stateOf(options.path);
  const key = keyOf(options, pass, await (options.hashOf ?? sha256OfFile)(options.path));
  const path = join(options.cacheDirectory, `${key}.tokens`);
  const lay = existsSync(path);
  if (lay) {
    const cache = await TokenCache.open(path);
    if (cache !== null && cache.key === key) return { cache, origin: 'found' };
    cache?.[Symbol.dispose]();
    withFileErrors({ path, action: 'write' }, () => rmSync(path, { force: true }));
  }
  await writeTokenCache(path, { key, vocabSize: options.tokenizer.vocabSize, rows: watched(pass.rows(), options), report: () => pass.report() });
  if (stateOf(options.path) !== before) {
    rmSync(path, { force: true });
    throw new AppError('DATASET_UNREADABLE', { path: options.path, problem: 'it changed while it was read' });
  }
  const cache = await TokenCache.open(path);
  if (cache === null) throw new AppError('DATASET_UNREADABLE', { path, problem: 'the token cache did not read back as it was written; is the disk failing?' });
  return { cache, origin: lay ? 'damaged' : 'new' };
}
