/**
 * The messages between the core and the process of the HANA drivers. It says `ready` and ends when its channel closes. Each call is answered by exactly one
 * `done` or `failed`; a query says its rows in pages before. Calls of one session are done one after another.
 */
import { z } from 'zod';
import { HanaConnection } from '../domain/hana-connection.ts';
import { WireError } from '../errors/wire-error.ts';

/** Raised whenever a message changes its meaning or shape. */
export const hanaProtocol = 1;

/** A page or piece has no more rows than this, and no more than some 256 KB beyond its first row. */
export const hanaPage = { rows: 500, bytes: 256 * 1024 } as const;

export const HanaCell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Cells = z.array(HanaCell);
const call = z.int().min(1);
const ofSession = { call, session: z.int().min(1) };

export const ToHana = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    ...ofSession,
    connection: HanaConnection,
    password: z.string(),
    /** Where SAP's own driver may be installed, first come first. */
    driver_folders: z.array(z.string()),
  }),
  z.object({ type: z.literal('query'), ...ofSession, sql: z.string(), params: Cells }),
  z.object({ type: z.literal('update'), ...ofSession, sql: z.string(), params: Cells }),
  /** A piece of a batch: its rows are executed before the next is sent. */
  z.object({ type: z.literal('batch'), ...ofSession, sql: z.string(), rows: z.array(Cells) }),
  z.object({ type: z.literal('commit'), ...ofSession }),
  z.object({ type: z.literal('rollback'), ...ofSession }),
  z.object({ type: z.literal('close'), ...ofSession }),
  /** The session of that call is cut at once; the call fails with HANA_LOST. */
  z.object({ type: z.literal('cancel'), call }),
]);
export type ToHana = z.infer<typeof ToHana>;
export type HanaRequest = Exclude<ToHana, { type: 'cancel' }>;

export const FromHana = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.int() }),
  z.object({ type: z.literal('page'), call, columns: z.array(z.string()), rows: z.array(Cells) }),
  /** `count`: rows that were touched. */
  z.object({ type: z.literal('done'), call, count: z.int().min(0) }),
  z.object({ type: z.literal('failed'), call, error: WireError }),
]);
export type FromHana = z.infer<typeof FromHana>;
