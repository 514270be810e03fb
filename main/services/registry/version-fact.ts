/** A version and a tag as HANA is told of them, without paths of this machine, and read back from there. */
import { z } from 'zod';
import { Actor } from '../../../shared/domain/actor.ts';
import { ModelName, SemanticVersion, Tag, versionText } from '../../../shared/domain/version.ts';
import {
  Artifact,
  Evaluation,
  StateEntry,
  versionFiles,
  VersionRecord,
  type TagEntry,
  type VersionRecord as Record,
} from '../../../shared/domain/version-record.ts';
import { VersionState } from '../../../shared/domain/version-state.ts';
import type { OutboxFact } from '../../store/outbox-rows.ts';
import type { StoredVersion } from '../../store/version-rows.ts';

const Source = z.object({ name: z.string(), sha256: z.string().nullable() });
const { kind, description, metadata, created, created_by, lathe, origin, run, parameters, metrics } = VersionRecord.shape;

export const VersionPayload = z.object({
  ...{ name: ModelName, version: SemanticVersion, state: VersionState, states: z.array(StateEntry).min(1) },
  ...{ kind, description, metadata, created, created_by, lathe, origin, run, parameters, metrics },
  base_model: Source,
  dataset: Source.nullable(),
  lineage: z.array(z.object({ sha256: z.string(), run: z.string().nullable() })),
  evaluation: Evaluation.omit({ data: true }).extend({ data: Source }).nullable(),
  /** But for the card, which every Lathe writes in its own words. */
  artifacts: z.array(Artifact),
});
export type VersionPayload = z.infer<typeof VersionPayload>;

const source = ({ name, sha256 }: Record['base_model']) => ({ name, sha256 });

export function versionFact({ name, version, state, record }: StoredVersion, states: readonly StateEntry[]): OutboxFact {
  const { base_model: base, dataset, lineage, evaluation, artifacts } = record;
  const said = Object.fromEntries(
    (['kind', 'description', 'metadata', 'created', 'created_by', 'lathe', 'origin', 'run', 'parameters', 'metrics'] as const).map((key) => [key, record[key]]),
  );
  const payload = {
    ...{ name, version, state, states, ...said },
    base_model: source(base),
    dataset: dataset === null ? null : source(dataset),
    lineage: lineage.map(({ sha256, run: from }) => ({ sha256, run: from })),
    evaluation: evaluation === null ? null : { ...evaluation, data: source(evaluation.data) },
    artifacts: artifacts.filter(({ path }) => path !== versionFiles.card),
  };
  return { entity: 'version', id: versionText({ name, version }), schema: 1, payload };
}

/** The record of a version that was made elsewhere, without its card. */
export function recordOf({ state: _, states: __, base_model: base, dataset, lineage, evaluation, ...said }: VersionPayload): VersionRecord {
  const here = (from: z.infer<typeof Source>) => ({ ...from, path: null });
  return {
    ...said,
    base_model: here(base),
    dataset: dataset === null ? null : here(dataset),
    lineage: lineage.map((each) => ({ ...each, path: '' })),
    evaluation: evaluation === null ? null : { ...evaluation, data: here(evaluation.data) },
  };
}

export const TagPayload = z.object({
  name: ModelName,
  tag: Tag,
  version: SemanticVersion,
  at: z.iso.datetime().nullable(),
  actor: Actor.nullable(),
  reason: z.string().nullable(),
});
export type TagPayload = z.infer<typeof TagPayload>;

/** `version`: null where it was taken away. `said`: when it was put there, by whom and why. */
export function tagFact(
  { name, tag, version }: { readonly name: string; readonly tag: string; readonly version: string | null },
  said: Pick<TagEntry, 'at' | 'actor' | 'reason'> | undefined,
): OutboxFact {
  const { at = null, actor = null, reason = null } = said ?? {};
  return { entity: 'tag', id: `${name}:${tag}`, schema: 1, payload: version === null ? null : { name, tag, version, at, actor, reason } };
}
