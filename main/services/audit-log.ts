/** The audit log and its second place: audit.head, the last row that was sealed, so that a cut at the end shows too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../platform/atomic-files.ts';
import { z } from 'zod';
import type { OutputOf, ParsedInputOf } from '../../shared/contracts/calls.ts';
import type { AuditVerdict } from '../../shared/contracts/audit-calls.ts';
import type { Logger } from '../platform/logger.ts';
import type { AuditHead, AuditRows } from '../store/audit-rows.ts';

const Head = z.object({ seq: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) });

export interface AuditParts {
  readonly home: string;
  readonly rows: AuditRows;
  readonly log: Logger;
}

export class AuditLog {
  readonly #parts: AuditParts;

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  list({ limit, before }: ParsedInputOf<'audit.list'>): OutputOf<'audit.list'> {
    const entries = this.#parts.rows.list({ limit: limit + 1, before });
    const shown = entries.slice(0, limit);
    return { entries: shown, next: entries.length > limit ? (shown.at(-1)?.seq ?? null) : null };
  }

  verify(): AuditVerdict {
    const head = this.#head();
    return { ...this.#parts.rows.verify(head), head: head?.seq ?? null };
  }

  /** After each row, once it is on disk. A crash in between leaves a head that lags, which is no lie: it must still be in the log. */
  keepHead(): void {
    const { home, rows, log } = this.#parts;
    const head = rows.head();
    if (head === null) return;
    try {
      writeFileAtomically(join(home, 'audit.head'), `${JSON.stringify(head)}\n`);
    } catch (error) {
      log.error('the head of the audit log cannot be kept', { seq: head.seq, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #head(): AuditHead | null {
    try {
      return Head.parse(JSON.parse(readFileSync(join(this.#parts.home, 'audit.head'), 'utf8')));
    } catch {
      return null;
    }
  }
}
