/** What changes here of a thing that is not settled goes into its conflict, where everybody can see it, and not over the other's. */
import type { Store } from '../../store/store.ts';
import { contentOf } from './fact-content.ts';
import { knownConflicts } from './conflict.ts';

export function heldBack(store: Store, at: Date): void {
  const { device } = store.syncState.get();
  for (const { row, conflict } of knownConflicts(store)) {
    if (conflict.kind !== 'two' || conflict.state !== 'open' || conflict.device !== device) continue;
    const operation = store.outbox.pendingOf(conflict.entity, conflict.id);
    if (operation === null) continue;
    const { payload, hash, schema } = contentOf(operation.payload, operation.schema);
    store.transaction(() => {
      store.outbox.settle(operation);
      // Who takes theirs away has no other any more.
      const settled = payload === null ? { state: 'settled', kept: 'theirs', settled_at: at.toISOString() } : {};
      store.outbox.put({ entity: 'conflict', id: row.id, schema: row.schema, payload: { ...conflict, mine: { schema, hash, payload }, ...settled } }, at);
    });
  }
}
