/** The audit log: only added to, each row sealed with the hash of the one before. */
import { createHash } from 'node:crypto';
import { AuditEntry } from '../../shared/contracts/audit-calls.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

export type AuditFact = Pick<AuditEntry, 'actor' | 'action' | 'subject'> & { readonly before?: unknown; readonly after?: unknown };

export type AuditHead = Pick<AuditEntry, 'seq' | 'hash'>;

/** What the first row is sealed with. */
export const auditOrigin = '0'.repeat(64);

export class AuditRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns the row as it was sealed. */
  append({ actor, action, subject, before = null, after = null }: AuditFact, at: Date): AuditEntry {
    const last = this.#database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get();
    const seq = Number(last?.['seq'] ?? 0) + 1;
    const previous = String(last?.['hash'] ?? auditOrigin);
    const content = { seq, at: at.toISOString(), actor: JSON.stringify(actor), action, subject, before: toJson(before), after: toJson(after), previous };
    const stored = { ...content, hash: seal(content) };
    this.#database
      .prepare(
        `INSERT INTO audit (seq, at, actor, action, subject, before, after, previous, hash)
         VALUES ($seq, $at, $actor, $action, $subject, $before, $after, $previous, $hash)`,
      )
      .run(stored);
    return entry(stored);
  }

  /** Oldest first, from after `seq` on. */
  after(seq: number, limit: number): readonly AuditEntry[] {
    return this.#database.prepare('SELECT * FROM audit WHERE seq > $seq ORDER BY seq LIMIT $limit').all({ seq, limit }).map(entry);
  }

  /** Newest first. */
  list({ limit, before }: { readonly limit: number; readonly before: number | null }): readonly AuditEntry[] {
    const rows = this.#database.prepare('SELECT * FROM audit WHERE $before IS NULL OR seq < $before ORDER BY seq DESC LIMIT $limit').all({ limit, before });
    return rows.map(entry);
  }

  /** The last row; null: there is none. */
  head(): AuditHead | null {
    const last = this.#database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get();
    return last === undefined ? null : { seq: Number(last['seq']), hash: String(last['hash']) };
  }

  /**
   * The first row that is not as it was written, or null: then `rows` of them are whole. A missing row shows as the one after it. `head` is a row that
   * was once known to be there: without it nothing shows a cut at the end, nor a log that was sealed anew from some row on.
   */
  verify(head: AuditHead | null = null): { readonly rows: number; readonly broken: { readonly seq: number; readonly problem: string } | null } {
    let expected = { seq: 1, previous: auditOrigin };
    for (const row of this.#database.prepare('SELECT * FROM audit ORDER BY seq').all()) {
      const seq = Number(row['seq']);
      const broken = (problem: string) => ({ rows: expected.seq - 1, broken: { seq, problem } });
      if (seq !== expected.seq) return broken(`row ${expected.seq} is missing`);
      if (row['previous'] !== expected.previous) return broken('it does not follow from the row before it');
      const hash = String(row['hash']);
      if (seal(row as unknown as Sealed) !== hash) return broken('its content is not what was sealed');
      if (seq === head?.seq && hash !== head.hash) return broken('it was sealed anew, or one before it was');
      expected = { seq: seq + 1, previous: hash };
    }
    const rows = expected.seq - 1;
    if (head !== null && head.seq > rows) return { rows, broken: { seq: rows + 1, problem: `rows ${rows + 1} to ${head.seq} are cut off` } };
    return { rows, broken: null };
  }
}

const entry = (row: Row): AuditEntry => {
  const raw = { ...row, actor: json(row['actor']), before: json(row['before']), after: json(row['after']) };
  return parseRow(AuditEntry, raw, { table: 'audit', id: String(row['seq']) });
};

interface Sealed {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly previous: string;
}

/** SHA-256 over the stored columns as they stand, so that no later reading of them can matter. */
const seal = ({ seq, at, actor, action, subject, before, after, previous }: Sealed): string =>
  createHash('sha256')
    .update(JSON.stringify([seq, at, actor, action, subject, before, after, previous]))
    .digest('hex');
