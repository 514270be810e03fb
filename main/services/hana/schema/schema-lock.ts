/**
 * Who is at the schema: one row, held by name for a minute at a time, since DDL ends the transaction whose lock would else do. Taken and renewed under
 * that row's lock, so that one of two gets it. The same device may go on where it was cut off.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isAppError } from '../../../../shared/errors/app-error.ts';
import type { HanaSession } from '../hana-session.ts';
import { hanaTime } from '../hana-time.ts';

const heldMs = 60_000;
const tries = 10;
const betweenMs = 100;

const look = 'SELECT HOLDER, TAKEN_AT, CURRENT_UTCTIMESTAMP AS UTC_NOW FROM LATHE_SCHEMA_LOCK WHERE ID = 1 FOR UPDATE NOWAIT';
const take = 'UPDATE LATHE_SCHEMA_LOCK SET HOLDER = ?, TAKEN_AT = CURRENT_UTCTIMESTAMP WHERE ID = 1';

/** Throws HANA_SCHEMA_BUSY. */
export async function holdSchema(session: HanaSession, holder: string): Promise<void> {
  for (let left = tries; ; left -= 1) {
    try {
      await holdOnce(session, holder);
      return;
    } catch (error) {
      // 146, 131: another looks at the row at this moment.
      if (!isAppError(error, 'HANA_BUSY')) throw error;
      await session.rollback();
      if (left === 1) throw new AppError('HANA_SCHEMA_BUSY', { holder: 'another device', seconds: heldMs / 1_000 });
      await pause(betweenMs);
    }
  }
}

async function holdOnce(session: HanaSession, holder: string): Promise<void> {
  const [row] = await session.query(look);
  const has = row?.['HOLDER'] ?? null;
  const age = (hanaTime(row?.['UTC_NOW']) ?? 0) - (hanaTime(row?.['TAKEN_AT']) ?? 0);
  if (has !== null && has !== holder && age < heldMs) {
    await session.rollback();
    throw new AppError('HANA_SCHEMA_BUSY', { holder: String(has), seconds: Math.ceil((heldMs - age) / 1_000) });
  }
  await session.update(take, [holder]);
  await session.commit();
}

/** Never throws: what is not given back is free in a minute. */
export async function releaseSchema(session: HanaSession, holder: string): Promise<void> {
  try {
    await session.update('UPDATE LATHE_SCHEMA_LOCK SET HOLDER = NULL WHERE ID = 1 AND HOLDER = ?', [holder]);
    await session.commit();
  } catch {
    await session.rollback().catch(() => undefined);
  }
}
