/** Calls about the audit log. */
import { z } from 'zod';
import { Actor } from '../domain/actor.ts';
import { call } from './call.ts';

const count = z.int().min(0);

export const AuditEntry = z.object({
  seq: z.int().min(1),
  at: z.iso.datetime(),
  actor: Actor,
  /** `noun.verb`, as calls are named. */
  action: z.string(),
  /** What it was done to: `run 20260131-142530-k3f9`, `version support@1.2.0`. */
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  /** The hash of the row before, and of this one with that in it. */
  previous: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditVerdict = z.object({
  /** How many rows from the first on are whole. */
  rows: count,
  /** The first row that is not as it was written. */
  broken: z.object({ seq: count, problem: z.string() }).nullable(),
  /** The last row that the second place (audit.head) knows of; null: there is none, so a cut at the end would not show. */
  head: count.nullable(),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;

export const auditCalls = {
  'audit.list': call({
    does: 'who did what, newest first',
    role: 'admin',
    input: z.strictObject({
      limit: z.int().min(1).max(1_000).default(100),
      /** Only rows before this one: `next` of the page before. */
      before: z.int().min(1).nullable().default(null),
    }),
    output: z.object({ entries: z.array(AuditEntry), next: count.nullable() }),
  }),
  'audit.verify': call({
    does: 'whether a row of the audit log was changed, taken out, moved or cut off',
    role: 'admin',
    input: z.strictObject({}),
    output: AuditVerdict,
  }),
} as const;
