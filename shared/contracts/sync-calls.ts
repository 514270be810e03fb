/** Calls about what is to be told to HANA. */
import { z } from 'zod';
import { call } from './call.ts';

const count = z.int().min(0);

export const SyncStatus = z.object({
  /** Whether there is a connection. Without one nothing waits: the first enqueues everything there is. */
  connected: z.boolean(),
  pending: count,
  sending: count,
  /** What HANA refused, kept with its reason. */
  parked: count,
  bytes: count,
  oldest: z.iso.datetime().nullable(),
  entities: z.array(z.object({ entity: z.string(), rows: count, bytes: count })),
  problems: z.array(z.object({ entity: z.string(), id: z.string(), at: z.iso.datetime(), attempts: count, problem: z.string().nullable() })),
});
export type SyncStatus = z.infer<typeof SyncStatus>;

export const syncCalls = {
  'sync.status': call({ does: 'what waits to be told to HANA, and what it refused', role: 'viewer', input: z.strictObject({}), output: SyncStatus }),
} as const;
