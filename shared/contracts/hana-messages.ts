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

/** What is fetched into a file: JSON lines, with a `FetchNote` beside it under the same name and `.json`. Rows do not come back. */
export const FetchOrder = z.object({
  sql: z.string(),
  params: Cells,
  /** The same from behind the last value of `order_column` on, which becomes its last parameter; null: it begins anew each time. */
  resume_sql: z.string().nullable(),
  /** Absolute. */
  file: z.string().min(1),
  /** Names what is fetched: only what was left of the same is gone on with. */
  source: z.string(),
  /** A row's field and its column; empty: every column, in lower case. */
  fields: z.array(z.tuple([z.string(), z.string()])),
  limit: z.int().min(1).nullable(),
  order_column: z.string().nullable(),
  change_column: z.string().nullable(),
});
export type FetchOrder = z.infer<typeof FetchOrder>;

export const FetchNote = z.object({
  source: z.string(),
  rows: z.int().min(0),
  bytes: z.int().min(0),
  /** Of the order column. */
  last: HanaCell,
  /** The latest value of the change column. */
  changed_until: HanaCell,
  is_whole: z.boolean(),
});
export type FetchNote = z.infer<typeof FetchNote>;

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
  z.object({ type: z.literal('fetch'), ...ofSession, ...FetchOrder.shape }),
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
  /** Of a fetch: what the file holds so far. */
  z.object({ type: z.literal('progress'), call, rows: z.int().min(0), bytes: z.int().min(0) }),
  /** `count`: rows that were touched, or are in the file. */
  z.object({ type: z.literal('done'), call, count: z.int().min(0) }),
  z.object({ type: z.literal('failed'), call, error: WireError }),
]);
export type FromHana = z.infer<typeof FromHana>;
