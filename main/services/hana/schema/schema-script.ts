/** What a migration would do, as a script for an administrator, where the user of Lathe may make no tables. */
import type { SchemaStep } from './schema-step.ts';
import { checksumOf, groundObjects, schemaSteps } from './steps.ts';

export interface ScriptParts {
  readonly schema: string;
  readonly user: string;
  readonly lathe: string;
  /** Versions that are there; null: nothing is. */
  readonly had: readonly number[] | null;
}

export function schemaScript({ schema, user, lathe, had }: ScriptParts): string {
  const steps = schemaSteps.filter(({ version }) => had?.includes(version) !== true);
  if (steps.length === 0) return '-- Nothing is missing.\n';
  const statements = [...(had === null ? groundObjects.map(({ sql }) => sql) : []), ...steps.flatMap((step) => ofStep(step, lathe))];
  return [
    `-- Lathe's tables. Run it as somebody who may make tables in the schema "${schema}".`,
    '-- An object that is there already is refused as a duplicate; go on with the next statement then.',
    `SET SCHEMA "${schema}";`,
    ...statements.map((sql) => `${sql};`),
    'COMMIT;',
    `-- What the user of Lathe needs where the schema is another's:`,
    ...['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((right) => `GRANT ${right} ON SCHEMA "${schema}" TO "${user}";`),
    '',
  ].join('\n');
}

const ofStep = (step: SchemaStep, lathe: string): readonly string[] => [
  ...step.objects.map(({ sql }) => sql),
  `UPDATE LATHE_SYNC_CLOCK SET MIN_CLIENT = ${String(step.minClient)} WHERE ID = 1 AND MIN_CLIENT < ${String(step.minClient)}`,
  `INSERT INTO LATHE_SCHEMA_MIGRATIONS (VERSION, CHECKSUM, LATHE, DEVICE, APPLIED_AT) VALUES (${String(step.version)}, '${checksumOf(step)}', '${lathe}', 'script', CURRENT_UTCTIMESTAMP)`,
];
