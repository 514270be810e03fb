/** What the registry knows of scored versions: what they were made from, and of which rows. */
import { useMemo } from 'react';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useCall } from '../../bridge/core-context.tsx';
import type { BaseHashes } from './score-matrix.ts';

const noVersions: readonly Version[] = [];

export interface Origins {
  readonly bases: BaseHashes;
  /** Name of the data set by `name@version`. */
  readonly datasets: ReadonlyMap<string, string>;
}

export function useOrigins(): Origins {
  const versions = useCall('registry.list', { limit: 1_000 }).data?.versions ?? noVersions;
  return useMemo(
    () => ({
      bases: new Map(versions.flatMap((version) => (version.base_model.sha256 === null ? [] : [[versionText(version), version.base_model.sha256]]))),
      datasets: new Map(versions.flatMap((version) => (version.dataset === null ? [] : [[versionText(version), version.dataset.name]]))),
    }),
    [versions],
  );
}
