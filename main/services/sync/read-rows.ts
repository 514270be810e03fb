/** Reads rows of one entity by their ids, a few hundred at a time. */
import type { SharedRow } from '../../store/shared-rows.ts';
import type { HanaSession } from '../hana/hana-session.ts';
import { markSelect, rowSelect, sharedEntity, sharedRow } from './shared-entity.ts';

/** Ids in one statement; rows with their payloads are more to carry. */
const mostMarks = 200;
export const mostRows = 50;

export type Mark = Pick<SharedRow, 'rev' | 'hash'>;

export async function readMarks(session: HanaSession, entity: string, ids: readonly string[]): Promise<ReadonlyMap<string, Mark>> {
  const marks = new Map<string, Mark>();
  for (const part of parts(ids, mostMarks))
    for (const row of await session.query(markSelect(sharedEntity(entity), part.length), part))
      marks.set(String(row['ID']), { rev: Number(row['REV']), hash: String(row['HASH']) });
  return marks;
}

export async function readRows(session: HanaSession, entity: string, ids: readonly string[]): Promise<readonly SharedRow[]> {
  const rows: SharedRow[] = [];
  for (const part of parts(ids, mostRows))
    for (const row of await session.query(rowSelect(sharedEntity(entity), part.length), part)) rows.push(sharedRow(entity, row));
  return rows;
}

const parts = <Each>(all: readonly Each[], size: number): readonly Each[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
