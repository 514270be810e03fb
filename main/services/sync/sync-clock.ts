/** The one row that puts operations in order: whoever writes raises it first and so holds it until the commit; change numbers come in the order of commits. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { HanaSession } from '../hana/hana-session.ts';

/** What this Lathe can write; HANA names the least it takes. */
export const syncVersion = 1;

export interface SyncClock {
  /** Of the last commit. */
  readonly seq: number;
  /** Who has not read so far reads everything anew: what was taken away before is not told any more. */
  readonly minSeq: number;
  readonly epoch: string;
  readonly minClient: number;
}

/** Throws SYNC_CLOCK_MISSING. */
export async function readClock(session: HanaSession): Promise<SyncClock> {
  const [row] = await session.query('SELECT SEQ, MIN_SEQ, EPOCH, MIN_CLIENT FROM LATHE_SYNC_CLOCK WHERE ID = 1');
  if (row === undefined) throw new AppError('SYNC_CLOCK_MISSING', {});
  return { seq: Number(row['SEQ']), minSeq: Number(row['MIN_SEQ']), epoch: String(row['EPOCH']), minClient: Number(row['MIN_CLIENT'] ?? 0) };
}

/** The transaction has the clock from here on. */
export async function raiseClock(session: HanaSession): Promise<SyncClock> {
  if ((await session.update('UPDATE LATHE_SYNC_CLOCK SET SEQ = SEQ + 1 WHERE ID = 1')) !== 1) throw new AppError('SYNC_CLOCK_MISSING', {});
  return readClock(session);
}
