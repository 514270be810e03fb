/** How a model version stands, and what may become of it. One table; services only ask it. */
import { z } from 'zod';
import type { Role } from './role.ts';

export const versionStates = ['draft', 'candidate', 'approved', 'retired'] as const;
export const VersionState = z.enum(versionStates);
export type VersionState = z.infer<typeof VersionState>;

/**
 * A draft is being worked on, a candidate waits for somebody's judgement, an approved one may be deployed, a retired one may not any more.
 * What was approved once never becomes changeable again.
 */
const transitions: { readonly [From in VersionState]: readonly VersionState[] } = {
  draft: ['candidate', 'retired'],
  candidate: ['draft', 'approved', 'retired'],
  approved: ['retired'],
  retired: [],
};

export const mayBecome = (from: VersionState, to: VersionState): boolean => transitions[from].includes(to);

/** Its description, metadata and artifacts stay as they are; tags still move. */
export const isImmutable = (state: VersionState): boolean => state === 'approved' || state === 'retired';

/** Somebody answers for it, so they say why. */
export const needsReason = (state: VersionState): boolean => state === 'approved';

/** Letting a version out, and taking it back, is the deployer's. */
export const roleFor = (state: VersionState): Role => (isImmutable(state) ? 'deployer' : 'trainer');
