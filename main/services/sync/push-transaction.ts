/** One transaction in HANA: the clock is raised, what came through before is found, the rest decided and written, all under one change number. */
import { isAppError, AppError } from '../../../shared/errors/app-error.ts';
import { hanaFailureOf } from '../../../shared/domain/hana-failure.ts';
import type { Operation } from '../../store/outbox-rows.ts';
import type { SharedRow, SharedRows } from '../../store/shared-rows.ts';
import type { SyncStateRow } from '../../store/sync-state-rows.ts';
import type { HanaSession, HanaValue } from '../hana/hana-session.ts';
import { contentOf, type FactContent } from './fact-content.ts';
import { conflictFact, decide, type Decision } from './push-decision.ts';
import { insertStatement, insertValues, sharedEntity, updateStatement, updateValues, type Written } from './shared-entity.ts';
import { readMarks, readRows } from './read-rows.ts';
import { raiseClock, syncVersion } from './sync-clock.ts';

/** HANA is another than the one that was read, or was restored: everything is read before anything is sent. */
export class EpochChanged extends Error {}

/** A row was refused for what it is; the transaction is to be rolled back. */
export class RowRefused extends Error {
  readonly reason: unknown;
  constructor(reason: unknown) {
    super('a row was refused');
    this.reason = reason;
  }
}

/** The audit log of this device has been told by another that is called the same: one of them is a copy. */
export class DeviceTwice extends Error {}

export interface Outcome {
  readonly operation: Operation;
  /** What HANA has now; null: nothing. */
  readonly row: SharedRow | null;
  /** It is what was said here. */
  readonly isMine: boolean;
  readonly conflict: SharedRow | null;
}

export interface TransactionParts {
  readonly operations: readonly Operation[];
  /** They may have come through before. */
  readonly isAgain: boolean;
  readonly at: Date;
  readonly device: SyncStateRow;
  readonly shared: SharedRows;
}

interface Decided {
  readonly operation: Operation;
  readonly base: SharedRow | null;
  readonly decision: Decision;
  readonly late: SharedRow | null;
}

interface Write {
  readonly entity: string;
  readonly written: Written;
  /** The revision that it takes the place of. */
  readonly over: number | null;
}

export class PushTransaction {
  readonly #session: HanaSession;
  readonly #parts: TransactionParts;
  #mayHaveCommitted = false;

  constructor(session: HanaSession, parts: TransactionParts) {
    this.#session = session;
    this.#parts = parts;
  }

  get mayHaveCommitted(): boolean {
    return this.#mayHaveCommitted;
  }

  /** Throws HANA_*, SYNC_*, EpochChanged, RowRefused, DeviceTwice. */
  async run(): Promise<readonly Outcome[]> {
    const seq = await this.#begin();
    const decided = await this.#decideAll(await this.#known());
    const writes: Write[] = [];
    const outcomes = decided.map((each) => this.#outcome(each, seq, writes));
    if (writes.length === 0) {
      await this.#session.rollback();
      return outcomes;
    }
    await this.#note(decided, seq);
    await this.#write(writes);
    this.#mayHaveCommitted = true;
    await this.#session.commit();
    return outcomes;
  }

  async #begin(): Promise<number> {
    const { seq, epoch, minClient } = await raiseClock(this.#session);
    if (minClient > syncVersion) throw new AppError('SYNC_CLIENT_OLD', { needed: minClient, has: syncVersion });
    if (epoch !== this.#parts.device.epoch) throw new EpochChanged();
    return seq;
  }

  /** Which of them are in HANA already. */
  async #known(): Promise<ReadonlySet<string>> {
    if (!this.#parts.isAgain) return new Set();
    const keys = this.#parts.operations.map(({ key }) => key);
    const rows = await this.#session.query(`SELECT OP_ID FROM LATHE_SYNC_OPS WHERE OP_ID IN (${keys.map(() => '?').join(', ')})`, keys);
    return new Set(rows.map((row) => String(row['OP_ID'])));
  }

  async #decideAll(known: ReadonlySet<string>): Promise<readonly Decided[]> {
    const decided: Decided[] = [];
    // What came too late then is among the conflicts, under the operation's own id.
    const late = new Map((await readRows(this.#session, 'conflict', [...known])).map((row) => [row.id, row]));
    for (const [entity, operations] of Map.groupBy(this.#parts.operations, (each) => each.entity)) {
      const bases = new Map(operations.map(({ id }) => [id, this.#parts.shared.find({ entity, id })]));
      const theirs = await this.#theirs(entity, bases, new Set(operations.filter(({ key }) => known.has(key)).map(({ id }) => id)));
      for (const operation of operations) {
        const [base, row] = [bases.get(operation.id) ?? null, theirs.get(operation.id) ?? null];
        const decision = known.has(operation.key) ? ({ kind: 'same', row } as const) : decide(operation, sharedEntity(entity), base, row);
        if (entity === 'audit' && decision.kind === 'late') throw new DeviceTwice();
        decided.push({ operation, base, decision, late: late.get(operation.key) ?? null });
      }
    }
    return decided;
  }

  /** What HANA has of them; read in full only where it moved on. */
  async #theirs(entity: string, bases: ReadonlyMap<string, SharedRow | null>, again: ReadonlySet<string>): Promise<ReadonlyMap<string, SharedRow>> {
    const marks = await readMarks(this.#session, entity, [...bases.keys()]);
    const same = [...bases].flatMap(([id, base]) => {
      const mark = marks.get(id);
      return base !== null && mark?.rev === base.rev && mark.hash === base.hash ? [[id, base] as const] : [];
    });
    const theirs = new Map<string, SharedRow>(same);
    const moved = [...marks.keys()].filter((id) => !theirs.has(id) || again.has(id));
    for (const row of await readRows(this.#session, entity, moved)) theirs.set(row.id, row);
    return theirs;
  }

  /** What is to be written is added to `writes`. */
  #outcome({ operation, base, decision, late }: Decided, seq: number, writes: Write[]): Outcome {
    const { device, at } = this.#parts;
    const write = (entity: string, { id, content, rev, over }: { id: string; content: FactContent; rev: number; over: number | null }): SharedRow => {
      const written = { id, rev, seq, device: device.device, at: at.toISOString(), content };
      writes.push({ entity, written, over });
      const { payload, hash, schema } = content;
      return { entity, id, rev, hash, device: device.device, seq, schema, payload, updated_at: written.at };
    };
    if (decision.kind === 'same') return { operation, row: decision.row, isMine: false, conflict: late };
    if (decision.kind === 'write') {
      const row = write(operation.entity, { id: operation.id, ...decision });
      return { operation, row, isMine: decision.isMine, conflict: null };
    }
    const fact = conflictFact({ operation, decision, base, device: device.device, at: at.toISOString() });
    const conflict = write(fact.entity, { id: fact.id, content: contentOf(fact.payload, fact.schema), rev: 1, over: null });
    return { operation, row: decision.row, isMine: false, conflict };
  }

  async #note(decided: readonly Decided[], seq: number): Promise<void> {
    const { device } = this.#parts;
    const rows = decided
      .filter(({ decision }) => decision.kind !== 'same')
      .map(({ operation, base, decision }): HanaValue[] => {
        // Revision 0: it came too late, and is among the conflicts.
        const [rev, hash] = decision.kind === 'write' ? [decision.rev, decision.content.hash] : decision.kind === 'late' ? [0, decision.mine.hash] : [0, ''];
        return [operation.key, device.device, seq, operation.entity, operation.id, rev, base?.rev ?? null, hash];
      });
    const values = 'VALUES (?, ?, ?, ?, ?, ?, ?, ?, CURRENT_UTCTIMESTAMP)';
    await this.#session.batch(`INSERT INTO LATHE_SYNC_OPS (OP_ID, DEVICE, SEQ, ENTITY, ROW_ID, REV, BASE_REV, HASH, AT) ${values}`, rows);
  }

  async #write(writes: readonly Write[]): Promise<void> {
    for (const [name, rows] of Map.groupBy(writes, ({ entity }) => entity)) {
      const entity = sharedEntity(name);
      const fresh = rows.filter(({ over }) => over === null).map(({ written }) => insertValues(entity, written));
      const replaced = rows.flatMap(({ written, over }) => (over === null ? [] : [updateValues(entity, written, over)]));
      await this.#ofRows(async () => {
        if (fresh.length > 0) await this.#session.batch(insertStatement(entity), fresh);
        if (replaced.length > 0) await this.#session.batch(updateStatement(entity), replaced);
      });
      await this.#requireReplaced(
        name,
        rows.filter(({ over }) => over !== null),
      );
    }
  }

  /** Nobody else writes while the clock is held, so every row was as it was read. Looked at, since drivers count rows with large texts as they please. */
  async #requireReplaced(entity: string, rows: readonly Write[]): Promise<void> {
    const marks = await readMarks(
      this.#session,
      entity,
      rows.map(({ written }) => written.id),
    );
    for (const { written } of rows) {
      const { id, rev, content } = written;
      const mark = marks.get(id);
      if (mark?.rev !== rev || mark.hash !== content.hash) throw new AppError('SYNC_WRITTEN_BESIDE', { table: sharedEntity(entity).table });
    }
  }

  async #ofRows(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw hanaFailureOf(error) === 'row' || isAppError(error, 'HANA_NOT_PERMITTED') ? new RowRefused(error) : error;
    }
  }
}
