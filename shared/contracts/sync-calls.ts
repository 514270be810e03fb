/** Calls about keeping in step with HANA: what waits, what came too late, and what others made. */
import { z } from 'zod';
import { Actor } from '../domain/actor.ts';
import { WireError } from '../errors/wire-error.ts';
import { call } from './call.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);

/**
 * none: no connection is chosen · idle: in step as of the last round · syncing · offline: HANA is not to be reached, tried again at `until` · waiting: it
 * cannot just now, likewise · attention: it does not go on by itself.
 */
export const SyncState = z.enum(['none', 'idle', 'syncing', 'offline', 'waiting', 'attention']);
export type SyncState = z.infer<typeof SyncState>;

const Now = z.object({
  state: SyncState,
  until: z.iso.datetime().nullable(),
  pending: count,
  parked: count,
  /** Open ones. */
  conflicts: count,
  /** Of the last round; null: it went through. */
  problem: WireError.omit({ stack: true }).extend({ message: z.string(), remedy: z.string() }).nullable(),
  last_round: z.iso.datetime().nullable(),
});
export type SyncNow = z.infer<typeof Now>;

export const SyncStatus = Now.extend({
  /** Whether there is a connection. Without one nothing waits: the first enqueues everything there is. */
  connected: z.boolean(),
  /** This LATHE_HOME among those that share a HANA. */
  device: z.string(),
  /** Change number up to which everything is here. */
  cursor: count,
  sending: count,
  bytes: count,
  oldest: z.iso.datetime().nullable(),
  entities: z.array(z.object({ entity: z.string(), rows: count, bytes: count })),
  /** What HANA refused, kept with its reason. */
  problems: z.array(z.object({ entity: z.string(), id: z.string(), at: z.iso.datetime(), attempts: count, problem: z.string().nullable() })),
  /** What is known of what HANA has. */
  shared: z.array(z.object({ entity: z.string(), rows: count })),
});
export type SyncStatus = z.infer<typeof SyncStatus>;

const Side = z.object({ device: z.string(), payload: z.record(z.string(), z.json()).nullable() });

export const SyncConflict = z.object({
  conflict: z.string(),
  entity: z.string(),
  id: z.string(),
  /** `two`: two things of one name, each with files of its own. */
  kind: z.enum(['edit', 'two']),
  /** Fields that both changed; none: all of it. */
  clashes: z.array(z.string()),
  at: z.iso.datetime(),
  /** Whether it came from here. */
  is_ours: z.boolean(),
  /** What came too late; `theirs` is what HANA has. A payload of null: it was taken away. */
  mine: Side,
  theirs: Side,
  state: z.enum(['open', 'settled']),
  kept: z.enum(['mine', 'theirs', 'both']).nullable(),
  settled_by: Actor.nullable(),
  settled_at: z.iso.datetime().nullable(),
});
export type SyncConflict = z.infer<typeof SyncConflict>;

export const syncCalls = {
  'sync.status': call({
    does: 'whether it is in step with HANA, what waits to be told, and what was refused',
    role: 'viewer',
    input: z.strictObject({}),
    output: SyncStatus,
  }),
  'sync.now': call({
    does: 'tell HANA and read from it at once, whatever it waits for; answers when that is done',
    role: 'trainer',
    input: z.strictObject({}),
    output: z.object({ sent: count, late: count, parked: count, read: count }),
  }),
  'sync.conflicts': call({
    does: 'what was changed in two places, with both sides',
    role: 'viewer',
    input: z.strictObject({ state: z.enum(['open', 'settled']).nullable().default('open') }),
    output: z.object({ conflicts: z.array(SyncConflict) }),
  }),
  'sync.settle': call({
    does: 'settle a conflict: keep mine (what came too late), theirs (what HANA has), or both',
    role: 'trainer',
    input: z.strictObject({ conflict: id, keep: z.enum(['mine', 'theirs', 'both']) }),
    output: SyncConflict,
  }),
  'sync.retry': call({
    does: 'tell HANA again what it refused',
    role: 'trainer',
    input: z.strictObject({}),
    output: z.object({ rows: count }),
  }),
  'sync.rows': call({
    does: 'what HANA has, as last seen: runs, versions, tags, scores, deployments, the audit log of every device; the last needs the role admin',
    role: 'viewer',
    input: z.strictObject({
      entity: z.enum(['run', 'version', 'tag', 'benchmark', 'deployment', 'audit']),
      /** Part of the id or of what is told. */
      text: z.string().max(200).nullable().default(null),
      /** Only what this device told; null: any. */
      device: id.nullable().default(null),
      limit: z.int().min(1).max(500).default(100),
      /** `next` of the page before. */
      after: z.string().max(300).nullable().default(null),
    }),
    output: z.object({
      rows: z.array(
        z.object({
          id: z.string(),
          rev: count,
          device: z.string(),
          is_ours: z.boolean(),
          updated_at: z.string(),
          payload: z.record(z.string(), z.json()).nullable(),
        }),
      ),
      next: z.string().nullable(),
    }),
  }),
} as const;

export const syncEvents = { 'sync.changed': Now } as const;
