/** Who takes part: each device says how far it has read, so that what everybody has seen can be cleared away. */
import { hostname } from 'node:os';
import type { HanaSession } from '../hana/hana-session.ts';
import type { SyncStateRow } from '../../store/sync-state-rows.ts';
import { raiseClock } from './sync-clock.ts';
import { sharedEntities } from './shared-entity.ts';

/** A device that was not there for so long is not waited for. */
const awayDays = 90;

export async function tellDevice(session: HanaSession, { device, cursor }: Pick<SyncStateRow, 'device' | 'cursor'>, lathe: string): Promise<void> {
  const name = hostname();
  const set = 'NAME = ?, LATHE = ?, CURSOR_SEQ = ?, SEEN_AT = CURRENT_UTCTIMESTAMP';
  const touched = await session.update(`UPDATE LATHE_DEVICES SET ${set} WHERE DEVICE = ?`, [name, lathe, cursor, device]);
  if (touched === 0) {
    const columns = 'DEVICE, NAME, LATHE, CURSOR_SEQ, SEEN_AT';
    await session.update(`INSERT INTO LATHE_DEVICES (${columns}) VALUES (?, ?, ?, ?, CURRENT_UTCTIMESTAMP)`, [device, name, lathe, cursor]);
  }
  await session.commit();
}

export interface Device {
  readonly device: string;
  readonly name: string;
  readonly lathe: string;
  readonly seen_at: string;
}

export async function readDevices(session: HanaSession): Promise<readonly Device[]> {
  const rows = await session.query('SELECT DEVICE, NAME, LATHE, SEEN_AT FROM LATHE_DEVICES ORDER BY NAME, DEVICE');
  return rows.map((row) => ({ device: String(row['DEVICE']), name: String(row['NAME']), lathe: String(row['LATHE']), seen_at: String(row['SEEN_AT']) }));
}

/** Traces of what was taken away go when every device has seen them, or none can be waited for; who was away longer reads everything anew. */
export async function purge(session: HanaSession, now: Date): Promise<number> {
  const { seq } = await raiseClock(session);
  const limit = new Date(now.getTime() - awayDays * 86_400_000).toISOString();
  const [device] = await session.query('SELECT MIN(CURSOR_SEQ) AS SEEN FROM LATHE_DEVICES WHERE SEEN_AT > ?', [limit]);
  const seen = device?.['SEEN'] === null || device?.['SEEN'] === undefined ? seq : Number(device['SEEN']);
  let rows = 0;
  for (const { table } of Object.values(sharedEntities)) rows += await session.update(`DELETE FROM ${table} WHERE DELETED = 1 AND SEQ <= ?`, [seen]);
  const operations = await session.update('DELETE FROM LATHE_SYNC_OPS WHERE SEQ < ? AND AT < ?', [seen, limit]);
  if (rows > 0 || operations > 0) await session.update('UPDATE LATHE_SYNC_CLOCK SET MIN_SEQ = ? WHERE ID = 1 AND MIN_SEQ < ?', [seen, seen]);
  await session.commit();
  return rows;
}
