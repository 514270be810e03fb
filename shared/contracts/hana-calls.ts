/** Calls about connections with HANA. */
import { z } from 'zod';
import { HanaConnection, HanaConnectionName } from '../domain/hana-connection.ts';
import { WireError } from '../errors/wire-error.ts';
import { call } from './call.ts';

const byName = z.strictObject({ connection: HanaConnectionName });

export const KnownHana = z.object({
  connection: HanaConnection,
  /** The registry is kept in step with this one. */
  is_chosen: z.boolean(),
  revision: z.int().min(1),
});
export type KnownHana = z.infer<typeof KnownHana>;

/** A right that a user of Lathe needs and does not have. */
export const MissingRight = z.object({ right: z.string(), needed_for: z.string(), grant: z.string() });
export type MissingRight = z.infer<typeof MissingRight>;

/** What was found behind a connection; `error`: why nothing was, and all else is null. */
export const HanaReport = z.object({
  connection: z.string(),
  at: z.iso.datetime(),
  error: WireError.omit({ stack: true }).nullable(),
  found: z
    .object({
      version: z.string().nullable(),
      database: z.string().nullable(),
      user: z.string(),
      schema: z.string(),
      /** null: HANA does not tell this user. */
      missing_rights: z.array(MissingRight).nullable(),
      /** Of Lathe's tables there; null: they have not been made. */
      schema_version: z.int().nullable(),
      newest_schema_version: z.int(),
      /** HANA's clock minus this machine's. */
      clock_difference_ms: z.number(),
      round_trip_ms: z.number().min(0),
    })
    .nullable(),
});
export type HanaReport = z.infer<typeof HanaReport>;

export const hanaCalls = {
  'hana.connections': call({
    does: 'the connections with HANA, and which of them the registry is kept in step with',
    role: 'viewer',
    input: z.strictObject({}),
    output: z.object({ connections: z.array(KnownHana) }),
  }),
  'hana.save': call({
    does: 'make or change a connection; the password is a secret that it names',
    role: 'admin',
    /** `accept_licence`: of SAP's own driver, where that is named. */
    input: z.strictObject({ connection: HanaConnection, accept_licence: z.boolean().default(false) }),
    output: KnownHana,
  }),
  'hana.remove': call({ does: 'forget a connection that nothing is kept in step with', role: 'admin', input: byName, output: z.null() }),
  'hana.test': call({
    does: 'log on once and say what is there: version, rights, clock, round trip; a failure is told in the answer',
    role: 'admin',
    input: byName,
    output: HanaReport,
  }),
  'hana.init': call({
    does: "make Lathe's tables there, or bring them up to date; a dry run changes nothing and gives the SQL",
    role: 'admin',
    input: z.strictObject({ connection: HanaConnectionName, dry_run: z.boolean().default(false) }),
    /** Versions of the schema that were there, and those that were made now. */
    output: z.object({ connection: z.string(), had: z.array(z.int()), made: z.array(z.int()), script: z.string().nullable() }),
  }),
  'hana.connect': call({ does: 'keep the registry in step with this HANA from now on', role: 'admin', input: byName, output: KnownHana }),
  'hana.disconnect': call({ does: 'keep the registry in step with no HANA any more', role: 'admin', input: z.strictObject({}), output: z.null() }),
} as const;
export type HanaCallName = keyof typeof hanaCalls;

export const hanaEvents = {
  'hana.changed': KnownHana,
  'hana.removed': byName,
} as const;
