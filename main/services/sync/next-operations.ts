/** Chooses what goes up next: what may have come through already, else what waits, in whole groups up to a size. */
import type { Operation } from '../../store/outbox-rows.ts';
import type { Store } from '../../store/store.ts';

export const mostOperations = 200;
const mostBytes = 1 << 20;

export interface NextOperations {
  readonly operations: readonly Operation[];
  /** They were sent before, and nobody knows whether they came through. */
  readonly isAgain: boolean;
}

export function nextOperations({ outbox }: Store): NextOperations {
  const again = outbox.sending().slice(0, mostOperations);
  if (again.length > 0) return { operations: again, isAgain: true };
  const waiting = outbox.pending(mostOperations);
  const chosen = waiting.slice(0, fitting(waiting));
  const last = chosen.at(-1);
  if (last === undefined || last.group === null) return { operations: chosen, isAgain: false };
  const rest = outbox.restOfGroup(
    last.group,
    chosen.map(({ key }) => key),
  );
  const isWhole = rest.length === 0 || chosen.every(({ group }) => group === last.group);
  // A group that is cut goes with the next batch; one that is larger than a batch goes alone, whole.
  return { operations: isWhole ? [...chosen, ...rest] : chosen.filter(({ group }) => group !== last.group), isAgain: false };
}

function fitting(waiting: readonly Operation[]): number {
  let bytes = 0;
  const end = waiting.findIndex(({ payload }) => (bytes += JSON.stringify(payload).length) > mostBytes);
  return end === -1 ? waiting.length : Math.max(1, end);
}
