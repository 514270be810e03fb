/** A HANA by a name: where it is, who logs on, and how its word is checked. The password stands in the secret store. */
import { z } from 'zod';

export const HanaConnectionName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, { error: 'must be lower-case letters, digits, dots, dashes and underscores' });

export const hanaDrivers = ['hdb', 'hana-client'] as const;
/** `hdb` is open source and always there; `hana-client` is SAP's own, under SAP's licence, where the user has installed it. */
export const HanaDriver = z.enum(hanaDrivers);
export type HanaDriver = z.infer<typeof HanaDriver>;

/** A host name or address, without a port or user. */
const Host = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[A-Za-z0-9_.:-]+$/, { error: 'must be a host name or an address, without a port' });

/** As HANA spells names that were not quoted. */
export const HanaIdentifier = z
  .string()
  .min(1)
  .max(127)
  .regex(/^[A-Za-z_][A-Za-z0-9_#$]*$/, { error: 'must be a plain name: letters, digits, _ # $' });

/** The port of HANA Cloud, which speaks TLS only. */
export const cloudPort = 443;

const seconds = (least: number, most: number, usual: number) => z.number().min(least).max(most).default(usual);

export const HanaConnection = z
  .strictObject({
    name: HanaConnectionName,
    host: Host,
    port: z.int().min(1).max(65_535),
    /** The tenant; null: the one that listens at the port. */
    database: z.string().min(1).max(127).nullable().default(null),
    user: z.string().min(1).max(127),
    /** Name of the secret that holds the password. */
    secret: z.string().min(1).max(200),
    /** Where the tables of Lathe are; null: the user's own schema. */
    schema: HanaIdentifier.nullable().default(null),
    driver: HanaDriver.default('hdb'),
    encrypt: z.boolean().default(true),
    validate_certificate: z.boolean().default(true),
    /** A file of certificates (PEM) to trust in place of those of the system. */
    ca_file: z.string().min(1).nullable().default(null),
    /** The name that its certificate has to bear; null: the host. */
    certificate_host: Host.nullable().default(null),
    connect_timeout_seconds: seconds(0.1, 300, 15),
    /** How long it may be silent in the middle of a call. */
    answer_timeout_seconds: seconds(0.1, 3600, 60),
    /** A folder that all see who share this HANA: adapters travel through it; null: they stay where they were made. */
    artifact_folder: z.string().min(1).nullable().default(null),
  })
  .refine(({ encrypt, port }) => encrypt || port !== cloudPort, { error: 'must be true at port 443', path: ['encrypt'] });
export type HanaConnection = z.output<typeof HanaConnection>;
