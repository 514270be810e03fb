/** Fetches a source into a file of the cache: streamed there by the process of the drivers, gone on with where it was cut off. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FetchNote } from '../../../../shared/contracts/hana-messages.ts';
import type { HanaSource } from '../../../../shared/domain/hana-source.ts';
import type { FetchProgress, ProcessSession } from '../../../workers/hana-process.ts';
import type { HanaValue } from '../hana-session.ts';
import { hanaTime } from '../hana-time.ts';
import { sourceQuery } from './source-query.ts';

export interface FetchParts {
  readonly source: HanaSource;
  readonly session: ProcessSession;
  /** Of LATHE_HOME. */
  readonly cache: string;
  readonly onProgress: (progress: FetchProgress) => void;
  /** Only what changed after it. */
  readonly since?: HanaValue;
}

export interface Fetched {
  readonly file: string;
  readonly rows: number;
  /** When HANA was asked, by its clock. */
  readonly at: string;
  readonly changedUntil: HanaValue;
}

/** Throws HANA_*, FILE_FORBIDDEN and the like. */
export async function fetchSource({ source, session, cache, onProgress, since = null }: FetchParts): Promise<Fetched> {
  const { sql, params, resumeSql, fields } = sourceQuery(source, { since });
  const id = createHash('sha256')
    .update(JSON.stringify([source, since]))
    .digest('hex');
  const file = join(cache, 'hana', `${id}.jsonl`);
  const [clock] = await session.query('SELECT CURRENT_UTCTIMESTAMP AS UTC_NOW FROM DUMMY');
  const at = new Date(hanaTime(clock?.['UTC_NOW']) ?? Date.now()).toISOString();
  const rows = await session.fetch(
    {
      ...{ sql, file, source: id, limit: source.limit },
      params: [...params],
      resume_sql: resumeSql,
      fields: fields.map(([field, column]) => [field, column]),
      order_column: source.order_by?.toUpperCase() ?? null,
      change_column: source.change_column?.toUpperCase() ?? null,
    },
    onProgress,
  );
  const { changed_until: changedUntil } = FetchNote.parse(JSON.parse(readFileSync(`${file}.json`, 'utf8')));
  return { file, rows, at, changedUntil };
}
