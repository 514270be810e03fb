/** Takes in what HANA has: the row is kept, and what it tells of appears here, in one step. What is unsent here is left alone: push settles it. */
import { readConflict } from './conflict.ts';
import type { Operation } from '../../store/outbox-rows.ts';
import type { SharedRow } from '../../store/shared-rows.ts';
import type { Store } from '../../store/store.ts';

/** What makes rows of others appear here. */
export interface Projection {
  /** Whether rows of it appear as files. */
  readonly makesFiles: (entity: string) => boolean;
  /** `keep` is a part of the change, whether anything is to be seen of it or not. */
  apply(row: SharedRow, keep: () => void): void;
}

export class SharedBook {
  readonly #store: Store;
  readonly #projection: Projection;

  constructor(store: Store, projection: Projection) {
    this.#store = store;
    this.#projection = projection;
  }

  makesFiles(entity: string): boolean {
    return this.#projection.makesFiles(entity);
  }

  /** A row that was read. */
  accept(row: SharedRow): void {
    if (this.#store.outbox.isUnsent(row)) return;
    this.#projection.apply(row, () => this.#store.shared.put(row));
  }

  /** An operation has been decided, and `row` is what HANA has now. `conflict`: where it came too late. */
  decided(operation: Operation, row: SharedRow | null, conflict: SharedRow | null): void {
    const { outbox, shared } = this.#store;
    const settle = (): void => {
      outbox.settle(operation);
      if (conflict !== null) shared.put(conflict);
    };
    // What was changed here since began from the old base: that it is judged by.
    if (outbox.isUnsent(operation, operation.key)) return this.#store.transaction(settle);
    // Of two things of one name the one here stays until somebody settles it.
    if (row !== null && conflict !== null && readConflict(conflict)?.conflict.kind === 'two')
      return this.#store.transaction(() => {
        settle();
        shared.put(row);
      });
    if (row === null)
      return this.#store.transaction(() => {
        settle();
        shared.remove(operation);
      });
    this.#projection.apply(row, () => {
      settle();
      shared.put(row);
    });
  }

  /** Operations that HANA has taken in as they were said. */
  written(outcomes: readonly { readonly operation: Operation; readonly row: SharedRow }[]): void {
    this.#store.transaction(() => {
      for (const { operation, row } of outcomes) {
        this.#store.outbox.settle(operation);
        this.#store.shared.put(row);
      }
    });
  }
}
