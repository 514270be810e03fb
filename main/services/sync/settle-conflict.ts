/** Settles a conflict: what is kept is told as any other change, and the conflict keeps both sides. */
import { parseVersionText } from '../../../shared/domain/version.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { OutboxFact } from '../../store/outbox-rows.ts';
import type { SharedRow } from '../../store/shared-rows.ts';
import type { Store } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import type { FollowedVersions } from '../registry/followed-versions.ts';
import { nextVersion } from '../registry/next-version.ts';
import { tagFact, versionFact } from '../registry/version-fact.ts';
import { conflictOf, type Conflict, type KnownConflict } from './conflict.ts';
import type { RegistryProjection } from './projection/registry-projection.ts';

export interface SettleParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly versions: FollowedVersions;
  readonly projection: RegistryProjection;
  readonly now: () => Date;
}

export interface Settling {
  readonly conflict: string;
  readonly keep: 'mine' | 'theirs' | 'both';
  readonly actor: Actor;
}

/** Throws SYNC_CONFLICT_UNKNOWN, SYNC_CONFLICT_SETTLED, SYNC_CONFLICT_ELSEWHERE, SYNC_ONE_ONLY. */
export function settleConflict({ conflict: id, keep, actor }: Settling, parts: SettleParts): KnownConflict {
  const { store, ledger, now } = parts;
  const known = conflictOf(store, id);
  if (known === null) throw new AppError('SYNC_CONFLICT_UNKNOWN', { conflict: id });
  const { row, conflict } = known;
  requireOpen(id, conflict, { keep, device: store.syncState.get().device });
  const theirs = store.shared.find(conflict);
  const shown = theirs === null ? conflict.theirs : { rev: theirs.rev, hash: theirs.hash, device: theirs.device, payload: theirs.payload };
  const settled: Conflict = { ...conflict, theirs: shown, state: 'settled', kept: keep, settled_by: actor, settled_at: now().toISOString() };
  const told: OutboxFact = { entity: 'conflict', id, schema: row.schema, payload: settled };
  ledger.record(() => {
    const audit = { actor, action: 'sync.settle', subject: `${conflict.entity} ${conflict.id}`, before: { conflict: id }, after: { kept: keep } };
    const facts = conflict.kind === 'two' ? settleTwo(settled, theirs, parts) : settleEdit(settled, theirs, parts);
    return { result: null, fact: { audit, outbox: [...facts, told], events: [] } };
  });
  return { row, conflict: settled };
}

function requireOpen(
  id: string,
  { state, kept, kind, device: whose, by, entity, id: of }: Conflict,
  { keep, device }: { keep: Settling['keep']; device: string },
): void {
  if (state === 'settled') throw new AppError('SYNC_CONFLICT_SETTLED', { conflict: id, how: kept ?? 'one' });
  if (kind === 'two' && whose !== device) throw new AppError('SYNC_CONFLICT_ELSEWHERE', { conflict: id, device: by ?? whose });
  if (kind === 'edit' && keep === 'both') throw new AppError('SYNC_ONE_ONLY', { entity, id: of });
}

/** Returns what is to be told besides. */
function settleEdit({ entity, id, mine, kept, device }: Conflict, theirs: SharedRow | null, { store, projection, now }: SettleParts): OutboxFact[] {
  if (kept === 'theirs') return [];
  const { payload, schema, hash } = mine;
  const row: SharedRow = { entity, id, payload, schema, hash, rev: (theirs?.rev ?? 0) + 1, device, seq: theirs?.seq ?? 0, updated_at: now().toISOString() };
  projection.apply(row, () => undefined);
  // As it stands here now: an approval, for one, is not taken back by an older word.
  const local = entity === 'version' && payload !== null ? store.versions.find(parseVersionText(id)) : null;
  if (local !== null) return [versionFact(local, store.tags.stateHistory(local.name, local.version))];
  return [{ entity: entity as OutboxFact['entity'], id, schema, payload }];
}

/** The version here and the other of its number. */
function settleTwo({ id, kept }: Conflict, theirs: SharedRow | null, { store, versions, projection }: SettleParts): OutboxFact[] {
  const local = store.versions.find(parseVersionText(id));
  if (local === null) return [];
  const fact = (): OutboxFact[] => [versionFact(local, store.tags.stateHistory(local.name, local.version))];
  if (kept === 'mine') return fact();
  if (kept === 'theirs') {
    if (theirs !== null) projection.replace(theirs, () => undefined);
    return [];
  }
  const highest = store.versions.highest(local.name) ?? local.version;
  const told: OutboxFact[] = [];
  versions.renumber(local, nextVersion([highest]), ({ name, version, ...rest }) => {
    told.push(versionFact({ name, version, ...rest }, store.tags.stateHistory(name, version)));
    for (const tag of store.tags.ofVersion(name, version)) told.push(tagFact({ name, tag, version }, store.tags.tagHistory(name, tag).at(-1)));
  });
  if (theirs !== null) projection.apply(theirs, () => undefined);
  return told;
}
