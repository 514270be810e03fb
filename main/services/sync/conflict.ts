/** A conflict: what HANA has of a thing, and what was said of it elsewhere and came too late. It is a fact itself, and so on every device. */
import { z } from 'zod';
import { Actor } from '../../../shared/domain/actor.ts';
import type { SharedRow } from '../../store/shared-rows.ts';
import type { Store } from '../../store/store.ts';

const Payload = z.record(z.string(), z.json()).nullable();

export const Conflict = z.looseObject({
  entity: z.string(),
  id: z.string(),
  /** `two`: two things of one name, made without knowing of each other; the files of one are on its device alone. */
  kind: z.enum(['edit', 'two']),
  /** Fields that both changed; none: all of it. */
  clashes: z.array(z.string()),
  base_rev: z.int().nullable(),
  at: z.iso.datetime(),
  /** Who came too late, and what that machine is called. */
  device: z.string(),
  by: z.string().nullable(),
  mine: z.object({ schema: z.int().min(1), hash: z.string(), payload: Payload }),
  theirs: z.object({ rev: z.int(), hash: z.string(), device: z.string(), payload: Payload }),
  state: z.enum(['open', 'settled']),
  kept: z.enum(['mine', 'theirs', 'both']).nullable(),
  settled_by: Actor.nullable(),
  settled_at: z.iso.datetime().nullable(),
});
export type Conflict = z.infer<typeof Conflict>;

export interface KnownConflict {
  readonly row: SharedRow;
  readonly conflict: Conflict;
}

/** Those of a newer Lathe that cannot be read are not shown. */
export function readConflict(row: SharedRow): KnownConflict | null {
  const parsed = Conflict.safeParse(row.payload);
  return parsed.success ? { row, conflict: parsed.data } : null;
}

/** As they stand here: what was settled and is not told yet counts. */
export function knownConflicts(store: Store): readonly KnownConflict[] {
  return store.shared.all('conflict').flatMap((row) => asItStands(store, row) ?? []);
}

/** null: there is none. */
export function conflictOf(store: Store, id: string): KnownConflict | null {
  const row = store.shared.find({ entity: 'conflict', id });
  return row === null ? null : asItStands(store, row);
}

const asItStands = (store: Store, row: SharedRow): KnownConflict | null => {
  const unsent = store.outbox.latestOf('conflict', row.id);
  return readConflict(unsent === null ? row : { ...row, payload: unsent.payload as SharedRow['payload'] });
};

/** Things of this device whose name another's has: until it is settled they stay as they are, and are not told. */
export function twoOf(store: Store, entity: string, id: string): KnownConflict | null {
  const { device } = store.syncState.get();
  const isIt = ({ conflict: { entity: of, id: name, kind, state, device: whose } }: KnownConflict): boolean =>
    of === entity && name === id && kind === 'two' && state === 'open' && whose === device;
  return knownConflicts(store).find(isIt) ?? null;
}
