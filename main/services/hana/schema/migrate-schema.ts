/** Brings the tables in HANA to the newest schema: step by step, under the lock, each object looked for first, so that whoever was cut off begins again. */
import { AppError, isAppError } from '../../../../shared/errors/app-error.ts';
import type { HanaSession } from '../hana-session.ts';
import { canRead, makeObject, orRight } from './make-object.ts';
import { holdSchema, releaseSchema } from './schema-lock.ts';
import type { SchemaStep } from './schema-step.ts';
import { checksumOf, groundObjects, schemaSteps } from './steps.ts';

export interface MigrateParts {
  readonly session: HanaSession;
  /** Names this device. */
  readonly holder: string;
  /** Version of Lathe. */
  readonly lathe: string;
  readonly steps?: readonly SchemaStep[];
}

export interface MigratedSchema {
  /** Versions that were there, and those that were made now. */
  readonly had: readonly number[];
  readonly made: readonly number[];
}

const creates = 'CREATE ANY';

/** Throws HANA_SCHEMA_BUSY, HANA_SCHEMA_CHANGED, HANA_RIGHTS_MISSING, HANA_*. */
export async function migrateSchema(parts: MigrateParts): Promise<MigratedSchema> {
  const { session, holder, steps = schemaSteps } = parts;
  const before = await readSteps(session, steps);
  if (before !== null && missingOf(before, steps).length === 0) return { had: before, made: [] };
  await orRight(
    async () => {
      for (const object of groundObjects) await makeObject(session, object);
    },
    { right: creates, session },
  );
  await orRight(() => holdSchema(session, holder), { right: 'UPDATE', session });
  try {
    const had = (await readSteps(session, steps)) ?? [];
    const missing = missingOf(had, steps);
    for (const step of missing) await makeStep(step, parts);
    return { had, made: missing.map(({ version }) => version) };
  } finally {
    await releaseSchema(session, holder);
  }
}

const missingOf = (had: readonly number[], steps: readonly SchemaStep[]): readonly SchemaStep[] => steps.filter(({ version }) => !had.includes(version));

/** null: nothing was ever made there. A newer Lathe's are left alone. Throws HANA_SCHEMA_CHANGED. */
export async function readSteps(session: HanaSession, steps: readonly SchemaStep[] = schemaSteps): Promise<readonly number[] | null> {
  if (!(await canRead(session, 'LATHE_SCHEMA_MIGRATIONS'))) return null;
  const rows = await session.query('SELECT VERSION, CHECKSUM FROM LATHE_SCHEMA_MIGRATIONS ORDER BY VERSION');
  await session.rollback();
  for (const step of steps) {
    const row = rows.find((each) => Number(each['VERSION']) === step.version);
    if (row !== undefined && row['CHECKSUM'] !== checksumOf(step)) throw new AppError('HANA_SCHEMA_CHANGED', { version: step.version });
  }
  return rows.map((each) => Number(each['VERSION']));
}

async function makeStep(step: SchemaStep, { session, holder, lathe }: MigrateParts): Promise<void> {
  for (const object of step.objects) {
    await holdSchema(session, holder);
    await orRight(() => makeObject(session, object), { right: object.kind === 'row' ? 'INSERT' : creates, session });
  }
  await holdSchema(session, holder);
  await orRight(() => noteStep(session, { step, holder, lathe }), { right: 'INSERT', session });
}

interface Note {
  readonly step: SchemaStep;
  readonly holder: string;
  readonly lathe: string;
}

async function noteStep(session: HanaSession, { step, holder, lathe }: Note): Promise<void> {
  await session.update('UPDATE LATHE_SYNC_CLOCK SET MIN_CLIENT = ? WHERE ID = 1 AND MIN_CLIENT < ?', [step.minClient, step.minClient]);
  try {
    await session.update('INSERT INTO LATHE_SCHEMA_MIGRATIONS (VERSION, CHECKSUM, LATHE, DEVICE, APPLIED_AT) VALUES (?, ?, ?, ?, CURRENT_UTCTIMESTAMP)', [
      step.version,
      checksumOf(step),
      lathe,
      holder,
    ]);
  } catch (error) {
    if (!isAppError(error, 'HANA_DUPLICATE')) throw error;
    await session.rollback();
  }
  await session.commit();
}
