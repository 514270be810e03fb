/** Calls about the registry: model versions, their tags, states and origins. */
import { z } from 'zod';
import { ModelName, SemanticVersion, Tag, VersionKey } from '../domain/version.ts';
import { Description, Evaluation, Metadata, Metrics, Parameters, StateEntry, TagEntry, VersionRecord, VersionSource } from '../domain/version-record.ts';
import { needsReason, VersionState } from '../domain/version-state.ts';
import { call } from './call.ts';

const path = z.string().min(1);
const Reason = z.string().trim().min(1).max(2_000);

/** What a list shows of a version. */
export const Version = z.object({
  name: z.string(),
  version: z.string(),
  state: VersionState,
  description: z.string(),
  tags: z.array(z.string()),
  kind: VersionRecord.shape.kind,
  base_model: VersionSource,
  dataset: VersionSource.nullable(),
  run: z.string().nullable(),
  metrics: Metrics,
  created: z.iso.datetime(),
  /** Its folder in LATHE_HOME/registry. */
  dir: z.string(),
  /** Counts the changes of this entry: its ETag. */
  revision: z.int().min(1),
});
export type Version = z.infer<typeof Version>;

export const VersionDetails = Version.extend({ record: VersionRecord, states: z.array(StateEntry) });
export type VersionDetails = z.infer<typeof VersionDetails>;

/** What is said of a version besides what its run tells. */
export const VersionWords = z.strictObject({
  name: ModelName,
  /** null: the next one. */
  version: SemanticVersion.nullable().default(null),
  description: Description.default(''),
  /** They move here from the version of this name that has them. */
  tags: z.array(Tag).max(50).default([]),
  metadata: Metadata.default({}),
});
export type VersionWords = z.infer<typeof VersionWords>;

export const RegisterVersion = VersionWords.extend({
  /** A run that is done: its adapter, figures and origins are taken from it. null: a note on a model that is not here. */
  run: z.string().min(1).max(200).nullable().default(null),
  /** Added to what the run tells. */
  parameters: Parameters.default({}),
  metrics: Metrics.default({}),
  evaluation: Evaluation.nullable().default(null),
  /** Of a note; a run knows its own. */
  base: z.string().min(1).max(500).nullable().default(null),
});
export type RegisterVersion = z.infer<typeof RegisterVersion>;

/** `loss<1.5`: `metric` is a key of `metrics`; `loss` stands for `final_loss`. */
export const MetricBound = z.strictObject({ metric: z.string().min(1).max(100), is: z.enum(['<', '<=', '>', '>=']), value: z.number() });
export type MetricBound = z.infer<typeof MetricBound>;

export const VersionFilter = z.strictObject({
  /** The name begins so. */
  name: z.string().max(200).nullable().default(null),
  /** It has each of them. */
  tags: z.array(z.string().max(200)).max(20).default([]),
  state: z.array(VersionState).nullable().default(null),
  /** Name or SHA-256 of the base model. */
  base: z.string().max(500).nullable().default(null),
  run: z.string().max(200).nullable().default(null),
  metrics: z.array(MetricBound).max(10).default([]),
  /** Part of name, description, base, data set, run or metadata. */
  text: z.string().max(200).nullable().default(null),
  limit: z.int().min(1).max(1_000).default(100),
  /** `next` of the page before. */
  after: z.string().max(200).nullable().default(null),
});
export type VersionFilter = z.infer<typeof VersionFilter>;

const both = { section: z.enum(['general', 'base_model', 'data', 'parameters', 'metrics', 'evaluation', 'benchmarks', 'metadata']), field: z.string() };

export const Comparison = z.object({
  model1: z.object({ name: z.string(), version: z.string() }),
  model2: z.object({ name: z.string(), version: z.string() }),
  /** null: that side has no such field. `change` is value2 - value1 of numbers. */
  differences: z.array(z.object({ ...both, value1: z.json(), value2: z.json(), change: z.number().nullable() })),
  similarities: z.array(z.object({ ...both, value: z.json() })),
});
export type Comparison = z.infer<typeof Comparison>;

/** What a graph of origins is made of. Benchmarks and deployments join it where they exist. */
export const LineageNode = z.object({
  id: z.string(),
  kind: z.enum(['base_model', 'dataset', 'run', 'adapter', 'version', 'benchmark', 'deployment']),
  label: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type LineageNode = z.infer<typeof LineageNode>;

export const Lineage = z.object({
  nodes: z.array(LineageNode),
  /** `from` came first. */
  edges: z.array(
    z.object({ from: z.string(), to: z.string(), relation: z.enum(['base_of', 'data_of', 'continued_by', 'registered_as', 'scored_by', 'deployed_as']) }),
  ),
});
export type Lineage = z.infer<typeof Lineage>;

export const registryCalls = {
  'registry.register': call({
    does: 'make a version: of a run that is done, or a note on a model that is elsewhere',
    role: 'trainer',
    input: RegisterVersion,
    output: VersionDetails,
  }),
  'registry.import': call({
    does: 'make a version of an adapter from elsewhere: a PEFT folder or a GGUF file, looked into before it is taken',
    role: 'trainer',
    /** `model`: the base by path or name, whose hash is then known. */
    input: VersionWords.extend({ path, model: path.nullable().default(null), metrics: Metrics.default({}), parameters: Parameters.default({}) }),
    output: VersionDetails,
  }),
  'registry.list': call({
    does: 'versions by name, the highest first',
    role: 'viewer',
    input: VersionFilter,
    output: z.object({ versions: z.array(Version), next: z.string().nullable() }),
  }),
  'registry.get': call({ does: 'one version, with all that is known of it', role: 'viewer', input: VersionKey, output: VersionDetails }),
  'registry.ofRun': call({
    does: 'the versions of a run; waits for one that its start asked for',
    role: 'viewer',
    input: z.strictObject({ run: z.string().min(1).max(200) }),
    output: z.object({ versions: z.array(VersionDetails) }),
  }),
  'registry.card': call({
    does: 'the model card of a version, as an export holds it',
    role: 'viewer',
    input: VersionKey,
    output: z.object({ markdown: z.string() }),
  }),
  'registry.next': call({
    does: 'the version number to propose for a name',
    role: 'viewer',
    input: z.strictObject({ name: ModelName, change: z.enum(['major', 'minor', 'patch']).default('patch') }),
    output: z.object({ name: z.string(), version: z.string() }),
  }),
  'registry.update': call({
    does: 'change the words of a version that is not approved yet',
    role: 'trainer',
    input: VersionKey.extend({ description: Description.optional(), metadata: Metadata.optional() }),
    output: VersionDetails,
  }),
  'registry.setState': call({
    does: 'move a version on: draft, candidate, approved, retired; the last two need the role deployer',
    role: 'trainer',
    /** `against_gate`: approve it although the gate's rules do not say `pass`. */
    input: VersionKey.extend({ state: VersionState, reason: Reason.nullable().default(null), against_gate: z.boolean().default(false) }).refine(
      ({ state, reason }) => !needsReason(state) || reason !== null,
      {
        error: 'an approval needs a reason',
        path: ['reason'],
      },
    ),
    output: VersionDetails,
  }),
  'registry.tag': call({
    does: 'put a tag on a version; where another version of the name has it, it moves',
    role: 'trainer',
    input: VersionKey.extend({ tag: Tag, reason: Reason.nullable().default(null) }),
    output: VersionDetails,
  }),
  'registry.untag': call({
    does: 'take a tag away',
    role: 'trainer',
    input: z.strictObject({ name: z.string().min(1).max(200), tag: Tag, reason: Reason.nullable().default(null) }),
    output: VersionDetails,
  }),
  'registry.history': call({
    does: 'where the tags of a name have been',
    role: 'viewer',
    input: z.strictObject({ name: z.string().min(1).max(200), tag: Tag.nullable().default(null) }),
    output: z.object({ name: z.string(), tags: z.record(z.string(), z.string()), history: z.array(TagEntry) }),
  }),
  'registry.compare': call({
    does: 'two versions field by field: what differs, what is the same',
    role: 'viewer',
    input: z.strictObject({ model1: VersionKey, model2: VersionKey }),
    output: Comparison,
  }),
  'registry.lineage': call({
    does: 'what a version, or every version of a name, was made from',
    role: 'viewer',
    input: z.strictObject({ name: VersionKey.shape.name, version: z.string().min(1).max(200).nullable().default(null) }),
    output: Lineage,
  }),
  'registry.verify': call({
    does: "hash a version's files again; answers those that are not as they were registered",
    role: 'viewer',
    input: VersionKey,
    output: z.object({ name: z.string(), version: z.string(), artifacts: z.int().min(0), changed: z.array(z.string()) }),
  }),
  'registry.export': call({
    does: 'write a version into a folder that PEFT and the Hugging Face hub take as it is, its files checked',
    role: 'trainer',
    /** `dir`: absolute; missing or empty, unless `force`. */
    input: VersionKey.extend({ dir: path, force: z.boolean().default(false) }),
    output: z.object({ name: z.string(), version: z.string(), path: z.string(), files: z.array(z.string()) }),
  }),
  'registry.fetch': call({
    does: 'bring the files of a version that was made on another device, from the folder that the HANA connection names',
    role: 'trainer',
    input: VersionKey,
    output: z.object({ name: z.string(), version: z.string(), files: z.int().min(0) }),
  }),
  'registry.remove': call({ does: 'delete a draft with its folder', role: 'trainer', input: VersionKey, output: z.null() }),
} as const;

export type RegistryCallName = keyof typeof registryCalls;

export const registryEvents = {
  'version.changed': Version,
  'version.removed': z.object({ name: z.string(), version: z.string() }),
} as const;
