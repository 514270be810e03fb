/** What HANA is told of a row of the audit log. */
import type { AuditEntry } from '../../shared/contracts/audit-calls.ts';
import type { OutboxFact } from '../store/outbox-rows.ts';

/** Each device has a log of its own, whose rows follow from one another. */
export const auditFact = (device: string, entry: AuditEntry): OutboxFact => ({ entity: 'audit', id: `${device}:${entry.seq}`, schema: 1, payload: entry });
