/** The versions that may be deployed, in the order in which they are offered. Pure. */
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import type { VersionState } from '../../../shared/domain/version-state.ts';

const ranks: Readonly<Record<VersionState, number>> = { approved: 0, candidate: 1, draft: 2, retired: 3 };

/** Approved ones first, else as they came: the newest first. A note has nothing that could be delivered. */
export const inDeployOrder = (versions: readonly Version[]): readonly Version[] =>
  versions.filter(({ kind, state }) => kind === 'adapter' && state !== 'retired').toSorted((a, b) => ranks[a.state] - ranks[b.state]);
