/** What is known of a model version: the shapes of version.yaml and of the tags beside it. They explain a registry folder without the database. */
import { z } from 'zod';
import { Actor } from './actor.ts';
import { KeptVerdict } from './gate-verdict.ts';
import { ModelName, SemanticVersion, Tag } from './version.ts';
import { VersionState } from './version-state.ts';

export const versionFiles = {
  /** Of one version. */
  record: 'version.yaml',
  adapter: 'adapter',
  gguf: 'adapter.gguf',
  card: 'card.md',
  evaluation: 'evaluation.json',
  /** There while its files are where it was made, and not here. */
  elsewhere: '.elsewhere',
  /** Of one name, beside its versions. */
  tags: 'tags.yaml',
} as const;

/** Free words of whoever registers: anything JSON can hold, up to 32 KB. */
export const Metadata = z
  .record(z.string().min(1).max(200), z.json())
  .refine((metadata) => JSON.stringify(metadata).length <= 32_768, { error: 'must be at most 32 KB' });
export type Metadata = z.infer<typeof Metadata>;

export const Description = z.string().max(4_000);

/** What a version was made from: a base model, rows. A path says where it lay, a hash what it was. */
export const VersionSource = z.object({ name: z.string(), path: z.string().nullable(), sha256: z.string().nullable() });
export type VersionSource = z.infer<typeof VersionSource>;

const Scores = z.object({
  loss: z.number(),
  loss_stderr: z.number().nullable().default(null),
  perplexity: z.number(),
  exact_match: z.number().nullable().default(null),
  exact_match_stderr: z.number().nullable().default(null),
  rows: z.int().min(0),
  tokens: z.int().min(0),
});

/** Scores on rows that were not trained on: with the adapter, and of the base where that was scored too. */
export const Evaluation = z.object({
  data: VersionSource,
  before: Scores.nullable().default(null),
  after: Scores,
  /** The paired test of the two. */
  test: z
    .object({ name: z.string(), gained: z.int().min(0), lost: z.int().min(0), p: z.number().min(0).max(1) })
    .nullable()
    .default(null),
});
export type Evaluation = z.infer<typeof Evaluation>;
export type Scores = z.infer<typeof Scores>;

/** `path` is relative to the version's folder, with slashes. */
const InsidePath = z.string().regex(/^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\:\0]+$/, { error: 'must stay inside the folder of its version' });
export const Artifact = z.object({ path: InsidePath, bytes: z.int().min(0), sha256: z.string().length(64) });
export type Artifact = z.infer<typeof Artifact>;

export const Metrics = z.record(z.string().min(1).max(100), z.number());
export type Metrics = z.infer<typeof Metrics>;
export const Parameters = z.record(z.string().min(1).max(100), z.json());
export type Parameters = z.infer<typeof Parameters>;

export const VersionRecord = z.looseObject({
  name: ModelName,
  version: SemanticVersion,
  /** An adapter for the base, a whole model of every trained weight, or what others said of one that is not here. */
  kind: z.enum(['adapter', 'model', 'note']),
  description: Description,
  metadata: Metadata,
  created: z.iso.datetime(),
  created_by: Actor,
  /** Version of Lathe that registered it. */
  lathe: z.string(),
  origin: z.enum(['run', 'import', 'note']),
  run: z.string().nullable(),
  base_model: VersionSource,
  dataset: VersionSource.nullable(),
  /** The adapters it went on from, nearest first. */
  lineage: z.array(z.object({ path: z.string(), sha256: z.string(), run: z.string().nullable() })),
  /** Hyperparameters, as they ran. */
  parameters: Parameters,
  metrics: Metrics,
  evaluation: Evaluation.nullable(),
  artifacts: z.array(Artifact),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

/** A state it came into. */
export const StateEntry = z.object({
  state: VersionState,
  previous: VersionState.nullable(),
  at: z.iso.datetime(),
  actor: Actor,
  reason: z.string().nullable(),
  /** Of an approval, where rules were set. */
  gate: KeptVerdict.nullable().default(null),
});
export type StateEntry = z.infer<typeof StateEntry>;

/** A tag's move; `version` null: it was taken away. */
export const TagEntry = z.object({
  tag: Tag,
  version: SemanticVersion.nullable(),
  previous: SemanticVersion.nullable(),
  at: z.iso.datetime(),
  actor: Actor,
  reason: z.string().nullable(),
});
export type TagEntry = z.infer<typeof TagEntry>;

/** version.yaml. The states are the only part that still grows once a version is approved. */
export const VersionFile = z.looseObject({ ...VersionRecord.shape, states: z.array(StateEntry).min(1) });
export type VersionFile = z.infer<typeof VersionFile>;

/** tags.yaml: where the tags of a name are, and where they have been. */
export const TagsFile = z.object({ tags: z.record(Tag, SemanticVersion), history: z.array(TagEntry) });
export type TagsFile = z.infer<typeof TagsFile>;
