/** The table of each kind of fact in HANA: the columns that keep it in step, and a few that people and reports read. The payload is the truth; those are never read back. */
import type { HanaValue } from '../hana-session.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface ReadableColumn {
  readonly type: string;
  /** Never what HANA would refuse: what does not fit is cut or left out. */
  readonly read: (payload: Payload) => HanaValue;
}

export interface EntityTable {
  readonly table: string;
  readonly columns: Readonly<Record<string, ReadableColumn>>;
}

/** Of every table of facts. `DELETED`: 1 where the thing was taken away; then the payload is empty. */
export const syncColumnTypes = {
  ID: 'NVARCHAR(500) NOT NULL PRIMARY KEY',
  REV: 'INTEGER NOT NULL',
  HASH: 'NVARCHAR(100) NOT NULL',
  DEVICE: 'NVARCHAR(100) NOT NULL',
  UPDATED_AT: 'TIMESTAMP',
  DELETED: 'TINYINT NOT NULL',
  SEQ: 'BIGINT NOT NULL',
  SCHEMA_VERSION: 'INTEGER NOT NULL',
  PAYLOAD: 'NCLOB',
} as const;

const at = (payload: Payload, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Payload)[key] : undefined), payload);

/** Not in the middle of a character. */
const cut = (value: string, length: number): string => value.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

const text = (path: string, length: number): ReadableColumn => ({
  type: `NVARCHAR(${String(length)})`,
  read: (payload) => {
    const value = at(payload, path);
    return typeof value === 'string' ? cut(value, length) : null;
  },
});
const number = (path: string): ReadableColumn => ({
  type: 'DOUBLE',
  read: (payload) => {
    const value = at(payload, path);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  },
});
const whole = (path: string): ReadableColumn => ({
  type: 'BIGINT',
  read: (payload) => {
    const value = at(payload, path);
    return Number.isSafeInteger(value) ? (value as number) : null;
  },
});
const instant = (path: string): ReadableColumn => ({
  type: 'TIMESTAMP',
  read: (payload) => {
    const value = at(payload, path);
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  },
});
/** As JSON, where people and reports want the whole of it. */
const json = (path: string): ReadableColumn => ({
  type: 'NCLOB',
  read: (payload) => {
    const value = at(payload, path);
    return value === undefined || value === null ? null : JSON.stringify(value);
  },
});

/** By the name of the entity, as the outbox has it. */
export const entityTables = {
  run: {
    table: 'LATHE_RUNS',
    columns: {
      ...{ NAME: text('name', 256), STATE: text('state', 40), CREATED: instant('created'), STARTED: instant('started'), ENDED: instant('ended') },
      ...{ STEP: whole('step'), STEPS: whole('steps'), LOSS: number('loss'), EVAL_LOSS: number('eval_loss'), CONFIG: json('config') },
    },
  },
  version: {
    table: 'LATHE_VERSIONS',
    columns: {
      ...{ NAME: text('name', 256), VERSION: text('version', 100), STATE: text('state', 40), KIND: text('kind', 40), CREATED: instant('created') },
      ...{ RUN: text('run', 200), BASE_MODEL: text('base_model.name', 500), DATASET: text('dataset.name', 500), DESCRIPTION: text('description', 4_000) },
      ...{ LOSS_BEFORE: number('evaluation.before.loss'), LOSS: number('evaluation.after.loss'), EXACT_MATCH: number('evaluation.after.exact_match') },
      ...{ METADATA: json('metadata'), PARAMETERS: json('parameters'), METRICS: json('metrics') },
    },
  },
  tag: { table: 'LATHE_TAGS', columns: { NAME: text('name', 256), TAG: text('tag', 100), VERSION: text('version', 100) } },
  benchmark: {
    table: 'LATHE_BENCHMARKS',
    columns: {
      ...{ RUN: text('run', 200), TASK: text('task', 200), SUBJECT: text('subject', 500), VERSION: text('version', 400), ENDED: instant('ended') },
      ...{ METRIC: text('metrics.0.name', 40), SCORE: number('metrics.0.value'), STDERR: number('metrics.0.stderr'), ITEMS: whole('items') },
      ...{ DATA_SHA256: text('data_sha256', 64), MODEL_SHA256: text('model_sha256', 64), METRICS: json('metrics') },
    },
  },
  deployment: {
    table: 'LATHE_DEPLOYMENTS',
    columns: {
      ...{ NAME: text('name', 256), VERSION: text('version', 100), TARGET: text('target', 100), ENVIRONMENT: text('environment', 40) },
      ...{ ALIAS: text('alias', 100), STRATEGY: text('strategy', 40), STATE: text('state', 40), TRAFFIC: number('traffic') },
      ...{ CREATED: instant('created'), ENDED: instant('ended'), ERROR: text('error', 100) },
    },
  },
  audit: {
    table: 'LATHE_AUDIT',
    columns: {
      AT: instant('at'),
      USER_NAME: text('actor.user', 256),
      HOST: text('actor.host', 256),
      ACTION: text('action', 100),
      SUBJECT: text('subject', 1_000),
    },
  },
  conflict: {
    table: 'LATHE_CONFLICTS',
    columns: {
      ENTITY: text('entity', 40),
      ROW_ID: text('id', 500),
      KIND: text('kind', 40),
      STATE: text('state', 40),
      KEPT: text('kept', 40),
      AT: instant('at'),
    },
  },
} as const satisfies Record<string, EntityTable>;
