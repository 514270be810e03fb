/** Every step of the schema, and by what a step is recognised that was changed after it had been given out. */
import { createHash } from 'node:crypto';
import type { SchemaObject, SchemaStep } from './schema-step.ts';
import { table } from './schema-step.ts';
import { step1 } from './step-1.ts';

/** Where it is written down what was done, and the one row that whoever does it holds. They come before every step. */
export const groundObjects: readonly SchemaObject[] = [
  table('LATHE_SCHEMA_MIGRATIONS', {
    ...{ VERSION: 'INTEGER NOT NULL PRIMARY KEY', CHECKSUM: 'NVARCHAR(64) NOT NULL', LATHE: 'NVARCHAR(40)', DEVICE: 'NVARCHAR(256)', APPLIED_AT: 'TIMESTAMP' },
  }),
  table('LATHE_SCHEMA_LOCK', { ID: 'INTEGER NOT NULL PRIMARY KEY', HOLDER: 'NVARCHAR(256)', TAKEN_AT: 'TIMESTAMP' }),
  {
    ...{ kind: 'row', table: 'LATHE_SCHEMA_LOCK', name: 'its only row' },
    sql: 'INSERT INTO LATHE_SCHEMA_LOCK SELECT 1, NULL, NULL FROM DUMMY WHERE NOT EXISTS (SELECT ID FROM LATHE_SCHEMA_LOCK WHERE ID = 1)',
  },
];

export const schemaSteps: readonly SchemaStep[] = [step1];

export const checksumOf = ({ objects }: SchemaStep): string =>
  createHash('sha256')
    .update(objects.map(({ sql }) => sql).join(';\n'))
    .digest('hex');
