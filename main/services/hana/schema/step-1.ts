/** The first schema. Given out: it is never changed; what comes is a step of its own. */
import { entityTables, syncColumnTypes, type EntityTable } from './entity-tables.ts';
import { index, row, table, view, type SchemaObject, type SchemaStep } from './schema-step.ts';

const entities: readonly EntityTable[] = Object.values(entityTables);

const factTable = ({ table: name, columns }: EntityTable): readonly SchemaObject[] => {
  const readable = Object.fromEntries(Object.entries(columns).map(([column, { type }]) => [column, type]));
  return [table(name, { ...syncColumnTypes, ...readable }), index(`${name}_BY_SEQ`, name, 'SEQ')];
};

const results = `SELECT ID AS RUN_ID, NAME, STATE, STARTED, ENDED, STEP, STEPS, LOSS, EVAL_LOSS, CONFIG, UPDATED_AT FROM LATHE_RUNS WHERE DELETED = 0`;
const metadata = `SELECT NAME, VERSION, STATE, KIND, CREATED, RUN, BASE_MODEL, DATASET, DESCRIPTION, LOSS_BEFORE, LOSS, EXACT_MATCH, METADATA, PARAMETERS, METRICS FROM LATHE_VERSIONS WHERE DELETED = 0`;

export const step1: SchemaStep = {
  version: 1,
  what: 'the registry that laptops share, training data, results and metadata',
  minClient: 1,
  objects: [
    table('LATHE_SYNC_CLOCK', {
      ...{ ID: 'INTEGER NOT NULL PRIMARY KEY', SEQ: 'BIGINT NOT NULL', MIN_SEQ: 'BIGINT NOT NULL', EPOCH: 'NVARCHAR(100) NOT NULL' },
      MIN_CLIENT: 'INTEGER NOT NULL',
    }),
    row('LATHE_SYNC_CLOCK', 'its only row', '1, 0, 0, TO_NVARCHAR(CURRENT_UTCTIMESTAMP), 1'),
    table('LATHE_SYNC_OPS', {
      ...{ OP_ID: 'NVARCHAR(100) NOT NULL PRIMARY KEY', DEVICE: 'NVARCHAR(100) NOT NULL', SEQ: 'BIGINT NOT NULL', ENTITY: 'NVARCHAR(40) NOT NULL' },
      ...{ ROW_ID: 'NVARCHAR(500) NOT NULL', REV: 'INTEGER', BASE_REV: 'INTEGER', HASH: 'NVARCHAR(100)', AT: 'TIMESTAMP' },
    }),
    index('LATHE_SYNC_OPS_BY_SEQ', 'LATHE_SYNC_OPS', 'SEQ'),
    table('LATHE_DEVICES', {
      ...{ DEVICE: 'NVARCHAR(100) NOT NULL PRIMARY KEY', NAME: 'NVARCHAR(256)', LATHE: 'NVARCHAR(40)', CURSOR_SEQ: 'BIGINT NOT NULL', SEEN_AT: 'TIMESTAMP' },
    }),
    ...entities.flatMap(factTable),
    table('LATHE_TRAINING_DATA', {
      ...{ ID: 'NVARCHAR(100) NOT NULL PRIMARY KEY', DATASET: 'NVARCHAR(256) NOT NULL', SPLIT: 'NVARCHAR(40)', INSTRUCTION: 'NCLOB', INPUT: 'NCLOB' },
      ...{ OUTPUT: 'NCLOB', MESSAGES: 'NCLOB', SOURCE: 'NVARCHAR(500)', CHANGED_AT: 'TIMESTAMP' },
    }),
    index('LATHE_TRAINING_DATA_BY_SET', 'LATHE_TRAINING_DATA', 'DATASET, CHANGED_AT'),
    view('LATHE_TRAINING_RESULTS', 'LATHE_RUNS', results),
    view('LATHE_MODEL_METADATA', 'LATHE_VERSIONS', metadata),
  ],
};
