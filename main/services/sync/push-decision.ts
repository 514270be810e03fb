/** What becomes of one operation where HANA's row is known: it is written, it is there already, both are made into one, or it has come too late. */
import { hostname } from 'node:os';
import type { OutboxFact, Operation } from '../../store/outbox-rows.ts';
import type { SharedRow } from '../../store/shared-rows.ts';
import { contentOf, contentOver, type FactContent } from './fact-content.ts';
import type { SharedEntity } from './shared-entity.ts';

export type Decision =
  /** HANA has what it says, or nothing of it where it was taken away; nothing is written. */
  | { readonly kind: 'same'; readonly row: SharedRow | null }
  /** `over`: the revision that is replaced; null: there is no row. `isMine`: it is what was said here, and nothing besides. */
  | { readonly kind: 'write'; readonly content: FactContent; readonly rev: number; readonly over: number | null; readonly isMine: boolean }
  /** What reached HANA first stays. */
  | { readonly kind: 'late'; readonly row: SharedRow; readonly mine: FactContent; readonly clashes: readonly string[]; readonly areTwo: boolean };

/** `base`: HANA's row as it was when the change was made; `theirs`: as it is now. */
export function decide(operation: Operation, entity: SharedEntity, base: SharedRow | null, theirs: SharedRow | null): Decision {
  const mine = contentOver(base, operation.payload, operation.schema);
  if (theirs === null) {
    if (mine.payload === null) return { kind: 'same', row: null };
    return { kind: 'write', content: mine, rev: (base?.rev ?? 0) + 1, over: null, isMine: true };
  }
  if (theirs.hash === mine.hash) return { kind: 'same', row: theirs };
  const write = (content: FactContent, isMine: boolean): Decision => ({ kind: 'write', content, rev: theirs.rev + 1, over: theirs.rev, isMine });
  const isBase = base !== null && theirs.rev === base.rev && theirs.hash === base.hash;
  // A new thing under a name that was given up.
  const isFree = base === null && theirs.payload === null;
  if (isBase || isFree) return write(mine, true);
  return base === null ? late(theirs, mine, entity) : merged({ base, mine, theirs }, entity, write);
}

interface Three {
  readonly base: SharedRow;
  readonly mine: FactContent;
  readonly theirs: SharedRow;
}

function merged({ base, mine, theirs }: Three, entity: SharedEntity, write: (content: FactContent, isMine: boolean) => Decision): Decision {
  if (base.payload === null || mine.payload === null || theirs.payload === null) return late(theirs, mine, entity);
  if (entity.areTwo(mine.payload, theirs.payload)) return late(theirs, mine, entity);
  const { fields, clashes } = entity.merge(base.payload, mine.payload, theirs.payload);
  if (clashes.length > 0) return { kind: 'late', row: theirs, mine, clashes, areTwo: false };
  const content = contentOf(fields, Math.max(mine.schema, theirs.schema));
  return content.hash === theirs.hash ? { kind: 'same', row: theirs } : write(content, false);
}

function late(row: SharedRow, mine: FactContent, entity: SharedEntity): Decision {
  const areTwo = row.payload !== null && mine.payload !== null && entity.areTwo(mine.payload, row.payload);
  return { kind: 'late', row, mine, clashes: [], areTwo };
}

export interface LateParts {
  readonly operation: Operation;
  readonly decision: Extract<Decision, { kind: 'late' }>;
  readonly base: SharedRow | null;
  readonly device: string;
  readonly at: string;
}

/** The other side of what came too late: kept under the operation's id, so that it is there once. */
export function conflictFact({ operation, decision, base, device, at }: LateParts): OutboxFact {
  const { row, mine, clashes, areTwo } = decision;
  return {
    entity: 'conflict',
    id: operation.key,
    schema: 1,
    payload: {
      entity: operation.entity,
      id: operation.id,
      kind: areTwo ? 'two' : 'edit',
      clashes,
      base_rev: base?.rev ?? null,
      at,
      device,
      by: hostname(),
      mine: { schema: mine.schema, hash: mine.hash, payload: mine.payload },
      theirs: { rev: row.rev, hash: row.hash, device: row.device, payload: row.payload },
      state: 'open',
      kept: null,
      settled_by: null,
      settled_at: null,
    },
  };
}
