/** Model versions as lathe.db keeps them, and the search over them. Their tags and history: tag-rows.ts. */
import { z } from 'zod';
import { Version, type MetricBound, type VersionFilter } from '../../shared/contracts/registry-calls.ts';
import { versionText } from '../../shared/domain/version.ts';
import { VersionRecord } from '../../shared/domain/version-record.ts';
import { VersionState } from '../../shared/domain/version-state.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Params, Row, SqlValue } from './database.ts';
import { json, parseRow } from './rows.ts';
import { precedenceOf } from './version-order.ts';

export const StoredVersion = z.object({
  name: z.string(),
  version: z.string(),
  state: VersionState,
  dir: z.string(),
  record: VersionRecord,
  revision: z.int().min(1),
});
export type StoredVersion = z.infer<typeof StoredVersion>;

export type NewVersion = Pick<StoredVersion, 'state' | 'dir' | 'record'>;

interface Key {
  readonly name: string;
  readonly version: string;
}

/** What a list shows. The record, which is most of a row, is not parsed here; of one that is no JSON nothing is shown, which the schema refuses. */
const shown = ['kind', 'base_model', 'dataset', 'metrics'].map((key) => `'${key}', v.record -> '$.${key}'`).join(', ');
const listColumns = `v.name, v.version, v.state, v.description, v.directory AS dir, v.created, v.run, v.revision,
  iif(json_valid(v.record), json_object(${shown}), NULL) AS shown,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM tags t WHERE t.name = v.name AND t.version = v.version ORDER BY tag)) AS tags`;

const columns = 'v.name, v.version, v.state, v.directory, v.record, v.revision';

export class VersionRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert({ state, dir, record }: NewVersion): void {
    const { name, version, description, created, run, base_model: base, dataset } = record;
    this.#database
      .prepare(
        `INSERT INTO versions (name, version, precedence, state, description, directory, created, run, base_name, base_sha256, data_sha256, words, record)
         VALUES ($name, $version, $precedence, $state, $description, $dir, $created, $run, $baseName, $baseHash, $dataHash, $words, $record)`,
      )
      .run({
        ...{ name, version, state, description, dir, created, run, precedence: precedenceOf(version) },
        ...{ baseName: base.name, baseHash: base.sha256, dataHash: dataset?.sha256 ?? null, words: wordsOf(record), record: JSON.stringify(record) },
      });
    const metric = this.#database.prepare('INSERT INTO version_metrics (name, version, metric, value) VALUES ($name, $version, $metric, $value)');
    for (const [key, value] of Object.entries(record.metrics)) metric.run({ name, version, metric: key, value });
  }

  /** Their folders lie in this one; a restored home may be another. `folder` ends in a separator. */
  placeIn(folder: string, separator: string): void {
    const here = '$folder || name || $separator || version';
    this.#database.prepare(`UPDATE versions SET directory = ${here} WHERE directory <> ${here}`).run({ folder, separator });
  }

  /** Throws VERSION_UNKNOWN. */
  get(key: Key): StoredVersion {
    const found = this.find(key);
    if (found === null) throw new AppError('VERSION_UNKNOWN', key);
    return found;
  }

  find({ name, version }: Key): StoredVersion | null {
    return storedOrNull(this.#database.prepare(`SELECT ${columns} FROM versions v WHERE name = $name AND version = $version`).get({ name, version }));
  }

  has({ name, version }: Key): boolean {
    return this.#database.prepare('SELECT 1 FROM versions WHERE name = $name AND version = $version').get({ name, version }) !== undefined;
  }

  names(): readonly string[] {
    return this.#database
      .prepare('SELECT DISTINCT name FROM versions ORDER BY name')
      .all()
      .map(({ name }) => String(name));
  }

  /** The highest of a name; one that is no pre-release where there is one. */
  latest(name: string): StoredVersion | null {
    const row = this.#database
      .prepare(`SELECT ${columns} FROM versions v WHERE name = $name ORDER BY version LIKE '%-%', precedence DESC LIMIT 1`)
      .get({ name });
    return storedOrNull(row);
  }

  /** The highest number of a name, pre-releases too. */
  highest(name: string): string | null {
    const row = this.#database.prepare('SELECT version FROM versions WHERE name = $name ORDER BY precedence DESC LIMIT 1').get({ name });
    return row === undefined ? null : String(row['version']);
  }

  /** The highest first. */
  ofName(name: string, limit: number): readonly StoredVersion[] {
    return this.#database
      .prepare(`SELECT ${columns} FROM versions v WHERE name = $name ORDER BY precedence DESC LIMIT $limit`)
      .all({ name, limit })
      .map(stored);
  }

  /** Every number of a name. */
  numbersOf(name: string): ReadonlySet<string> {
    return new Set(
      this.#database
        .prepare('SELECT version FROM versions WHERE name = $name')
        .all({ name })
        .map(({ version }) => String(version)),
    );
  }

  ofRun(run: string): readonly StoredVersion[] {
    return this.#database.prepare(`SELECT ${columns} FROM versions v WHERE run = $run ORDER BY created`).all({ run }).map(stored);
  }

  /** By name, the highest version of each first. `next` asks for the page after this one. */
  list(filter: VersionFilter): { readonly versions: readonly Version[]; readonly next: string | null } {
    const { sql, params } = listQuery(filter);
    const rows = this.#database.prepare(sql).all(params);
    const versions = rows.slice(0, filter.limit).map(listed);
    const last = versions.at(-1);
    return { versions, next: rows.length > filter.limit && last !== undefined ? versionText(last) : null };
  }

  /** Raises the revision. Name, number, run, origins and metrics are for good. */
  update({ name, version }: Key, { state, record }: { readonly state?: VersionState; readonly record?: VersionRecord }): StoredVersion {
    this.#database
      .prepare(
        `UPDATE versions SET revision = revision + 1, state = ifnull($state, state), description = ifnull($description, description), words = ifnull($words, words), record = ifnull($record, record)
         WHERE name = $name AND version = $version`,
      )
      .run({
        ...{ name, version, state: state ?? null, description: record?.description ?? null },
        ...(record === undefined ? { words: null, record: null } : { words: wordsOf(record), record: JSON.stringify(record) }),
      });
    return this.get({ name, version });
  }

  /** A version with a changed tag is another entry to those who keep a copy. */
  touch(key: Key): StoredVersion {
    return this.update(key, {});
  }

  remove({ name, version }: Key): void {
    this.#database.prepare('DELETE FROM versions WHERE name = $name AND version = $version').run({ name, version });
  }
}

/** Metrics that are asked for by a shorter name. */
const metricAliases: Readonly<Record<string, string>> = { loss: 'final_loss' };

/** Only what is asked for stands in the statement, so that each kind of question can use its own index. */
export function listQuery({ name, tags, state, base, run, metrics, text, limit, after }: VersionFilter): { readonly sql: string; readonly params: Params } {
  const params: Record<string, SqlValue> = { limit: limit + 1 };
  const conditions: string[] = [];
  const ask = (condition: string, values: Params): void => {
    conditions.push(condition);
    Object.assign(params, values);
  };
  // `~` comes after every letter of a name.
  if (name !== null) ask("v.name BETWEEN $prefix AND $prefix || '~'", { prefix: name });
  if (state !== null) ask('v.state IN (SELECT value FROM json_each($states))', { states: JSON.stringify(state) });
  if (base !== null)
    ask(`(v.base_name = $base OR v.base_sha256 = $base OR v.base_sha256 = (SELECT sha256 FROM shelf WHERE kind = 'model' AND name = $base))`, { base });
  if (run !== null) ask('v.run = $run', { run });
  tags.forEach((tag, i) => ask(`(v.name, v.version) IN (SELECT name, version FROM tags WHERE tag = $tag${i})`, { [`tag${i}`]: tag }));
  metrics.forEach((bound, i) => ask(metricCondition(bound, i), { [`metric${i}`]: metricAliases[bound.metric] ?? bound.metric, [`value${i}`]: bound.value }));
  if (text !== null) ask(textCondition, { text: text.toLowerCase() });
  if (after !== null) {
    const [afterName = '', afterVersion = ''] = after.split('@');
    ask(
      '(v.name > $afterName OR (v.name = $afterName AND v.precedence < (SELECT precedence FROM versions WHERE name = $afterName AND version = $afterVersion)))',
      {
        afterName,
        afterVersion,
      },
    );
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT ${listColumns} FROM versions v ${where} ORDER BY v.name, v.precedence DESC LIMIT $limit`, params };
}

const metricCondition = ({ is }: MetricBound, i: number): string =>
  `(v.name, v.version) IN (SELECT name, version FROM version_metrics WHERE metric = $metric${i} AND value ${is} $value${i})`;

const textCondition = '(v.name, v.version) IN (SELECT name, version FROM versions INDEXED BY versions_by_words WHERE instr(words, $text) > 0)';

const wordsOf = ({ name, version, description, base_model: base, dataset, run, metadata }: VersionRecord): string =>
  [versionText({ name, version }), description, base.name, dataset?.name ?? '', run ?? '', JSON.stringify(metadata)].join(' ').toLowerCase();

const storedOrNull = (row: Row | undefined): StoredVersion | null => (row === undefined ? null : stored(row));

function listed({ shown: fields, tags, ...row }: Row): Version {
  const id = `${String(row['name'])}@${String(row['version'])}`;
  return parseRow(Version, { ...row, ...(json(fields ?? null) as object | null), tags: json(tags ?? null) }, { table: 'versions', id });
}

function stored({ directory, ...row }: Row): StoredVersion {
  const id = `${String(row['name'])}@${String(row['version'])}`;
  return parseRow(StoredVersion, { ...row, dir: directory, record: json(row['record']) }, { table: 'versions', id });
}
