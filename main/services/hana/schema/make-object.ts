/** Makes one object of the schema, unless it is there. DDL commits by itself in HANA, so that each stands alone and may be made again. */
import { AppError, isAppError } from '../../../../shared/errors/app-error.ts';
import type { HanaSession } from '../hana-session.ts';
import type { SchemaObject } from './schema-step.ts';

/** Throws HANA_*. */
export async function makeObject(session: HanaSession, object: SchemaObject): Promise<void> {
  if (await isThere(session, object)) return;
  try {
    await session.update(object.sql);
    await session.commit();
  } catch (error) {
    // Somebody was quicker, or an index that cannot be looked for is there.
    if (!isAppError(error, 'HANA_TABLE_EXISTS')) throw error;
    await session.rollback();
  }
}

async function isThere(session: HanaSession, { kind, name }: SchemaObject): Promise<boolean> {
  if (kind !== 'table' && kind !== 'view') return false;
  return canRead(session, name);
}

/** Whether a table or view is there, without looking at a row of it. */
export async function canRead(session: HanaSession, name: string): Promise<boolean> {
  try {
    await session.query(`SELECT * FROM ${name} WHERE 1 = 0`);
    return true;
  } catch (error) {
    if (!isAppError(error, 'HANA_TABLE_MISSING')) throw error;
    await session.rollback();
    return false;
  }
}

/** Whom a right is missing is told which, and the statement that grants it. */
export async function orRight<Result>(
  act: () => Promise<Result>,
  { right, session }: { readonly right: string; readonly session: HanaSession },
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isAppError(error, 'HANA_NOT_PERMITTED')) throw error;
    await session.rollback();
    const [names] = await session.query('SELECT CURRENT_USER AS USER_NAME, CURRENT_SCHEMA AS SCHEMA_NAME FROM DUMMY');
    const { USER_NAME: user, SCHEMA_NAME: schema } = names ?? {};
    throw new AppError('HANA_RIGHTS_MISSING', { user: String(user), right, grant: `GRANT ${right} ON SCHEMA "${String(schema)}" TO "${String(user)}"` });
  }
}
