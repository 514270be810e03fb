/** Where a version can be deployed: LocalAI servers under one name, or Lathe's own endpoint on this machine. */
import { z } from 'zod';

const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, { error: 'must be lower-case letters, digits, dots, dashes and underscores' });
export const TargetName = name;

export const environments = ['staging', 'production'] as const;
export const DeploymentEnvironment = z.enum(environments);
export type DeploymentEnvironment = z.infer<typeof DeploymentEnvironment>;

/** Without a user, a password or a query: what is secret stands in the secret store. */
const ServerUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as http://192.168.1.20:8080' })
  .max(500)
  .refine((text) => !/^[a-z]+:\/\/[^/]*@/i.test(text), { error: 'must not hold a user or password; name a secret instead' })
  .refine((text) => !/[?#]/.test(text), { error: 'must not hold a query' });

export const TargetServer = z.strictObject({ name, url: ServerUrl });
export type TargetServer = z.infer<typeof TargetServer>;

/** How an adapter gets there. */
export const Delivery = z.discriminatedUnion('how', [
  /** The servers fetch it from this machine while a deployment lasts. `address`: that they reach it by; null: the one that leads to them. */
  z.strictObject({ how: z.literal('serve'), address: z.string().min(1).max(255).nullable().default(null), port: z.int().min(0).max(65_535).default(0) }),
  /** It is copied to a folder that all servers see; `models_path` is that folder as a path below their models folder. */
  z.strictObject({ how: z.literal('share'), folder: z.string().min(1), models_path: z.string().max(500) }),
]);
export type Delivery = z.output<typeof Delivery>;

const common = { name, environment: DeploymentEnvironment, require_approval: z.boolean().default(true) };

export const LocalAiTarget = z.strictObject({
  kind: z.literal('localai'),
  ...common,
  servers: z.array(TargetServer).min(1).max(50),
  /** Name of the secret that holds their key; null: they ask for none. */
  secret: z.string().min(1).max(200).nullable().default(null),
  /** A file of certificates (PEM) to trust besides those of the system. */
  ca_file: z.string().min(1).nullable().default(null),
  /** The configuration there that serves the plain base model; null: found by the file's name and size. */
  base_config: z.string().min(1).max(200).nullable().default(null),
  delivery: Delivery.default({ how: 'serve', address: null, port: 0 }),
  /** Where `lathe proxy` answers beside the servers, for weighted canaries; null: there is none. */
  proxy: z
    .strictObject({ url: ServerUrl, secret: z.string().min(1).max(200).nullable().default(null) })
    .nullable()
    .default(null),
  /** A rolling deployment keeps at least so many servers answering. */
  min_available: z.int().min(0).max(50).default(1),
});
export type LocalAiTarget = z.output<typeof LocalAiTarget>;

/** Lathe's own endpoint: OpenAI-style, llama.cpp, on this machine. */
export const EmbeddedTarget = z.strictObject({ kind: z.literal('embedded'), ...common, port: z.int().min(1).max(65_535).default(4518) });
export type EmbeddedTarget = z.output<typeof EmbeddedTarget>;

export const Target = z
  .discriminatedUnion('kind', [LocalAiTarget, EmbeddedTarget])
  .refine((target) => target.kind !== 'localai' || new Set(target.servers.map((server) => server.name)).size === target.servers.length, {
    error: 'must have names that differ',
    path: ['servers'],
  });
export type Target = z.output<typeof Target>;
export type TargetInput = z.input<typeof Target>;

/** What a server was found to be. null: it could not be told. */
export const ServerReport = z.object({
  server: z.string(),
  at: z.iso.datetime(),
  /** ok: deployments work · limited: some things do not, see `problems` · failed: nothing can be done. */
  state: z.enum(['ok', 'limited', 'failed']),
  version: z.string().nullable(),
  auth: z.enum(['none', 'key', 'users']).nullable(),
  can: z.object({ install: z.boolean(), alias: z.boolean(), score: z.boolean(), patch: z.boolean(), resources: z.boolean() }),
  distributed: z.boolean().nullable(),
  memory_free_bytes: z.number().min(0).nullable(),
  memory_total_bytes: z.number().min(0).nullable(),
  models_bytes: z.number().min(0).nullable(),
  loaded: z.array(z.string()),
  aliases: z.array(z.object({ name: z.string(), target: z.string() })),
  /** The address by which it would fetch artifacts from here, and whether this machine has it. */
  artifact_address: z.string().nullable(),
  /** One sentence each, with a remedy. */
  problems: z.array(z.string()),
  round_trip_ms: z.number().min(0).nullable(),
});
export type ServerReport = z.infer<typeof ServerReport>;
