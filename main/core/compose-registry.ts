/** The services of the registry, built over what the core gives them. */
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { gateScores } from '../services/benchmarks/gate-scores.ts';
import { Gates } from '../services/benchmarks/gates.ts';
import type { ComputeJobs } from '../services/compute-jobs.ts';
import type { Ledger } from '../services/ledger.ts';
import { recoverVersions } from '../services/registry/index-versions.ts';
import { PlannedVersions } from '../services/registry/planned-versions.ts';
import { SharedArtifacts } from '../services/registry/shared-artifacts.ts';
import { Registry } from '../services/registry/registry.ts';
import { VersionBook } from '../services/registry/version-book.ts';
import type { Shelves } from '../services/shelves.ts';
import type { Store } from '../store/store.ts';

export interface RegistryNeeds {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly shelves: Shelves;
  readonly compute: ComputeJobs;
  readonly log: Logger;
  readonly now: () => Date;
}

/** What an earlier host left half done is cleared away first. */
export function composeRegistry({ paths, store, ledger, shelves, compute, log, now }: RegistryNeeds): {
  readonly registry: Registry;
  readonly book: VersionBook;
  readonly artifacts: SharedArtifacts;
  readonly planned: PlannedVersions;
  readonly gates: Gates;
} {
  const book = new VersionBook({ store, ledger, now, folder: paths.registry });
  const gates = new Gates({ store, ledger, scores: gateScores(store.scores) });
  const artifacts = new SharedArtifacts({ store, place: () => store.hana.chosen()?.connection.artifact_folder ?? null, log: log.child('artifacts') });
  const registry = new Registry({ paths, store, shelves, compute, book, judge: (version) => gates.evaluate(version), artifacts });
  recoverVersions({ store, folder: paths.registry, log: log.child('index') });
  return { registry, book, artifacts, gates, planned: new PlannedVersions({ store, registry, log: log.child('registry') }) };
}
