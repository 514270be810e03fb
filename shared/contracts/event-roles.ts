/** Who may hear of what. A new event needs a row. */
import type { Role } from '../domain/role.ts';
import type { CoreEventName } from './calls.ts';

export const eventRoles: { readonly [N in CoreEventName]: Role } = {
  'chat.token': 'trainer',
  'chat.ended': 'trainer',
  'chat.failed': 'trainer',
  'run.changed': 'viewer',
  'run.logged': 'viewer',
  'run.removed': 'viewer',
  'benchmark.changed': 'viewer',
  'benchmark.scored': 'viewer',
  'benchmark.removed': 'viewer',
  'benchmark.dropped': 'viewer',
  'schedule.changed': 'viewer',
  'schedule.removed': 'viewer',
  'version.changed': 'viewer',
  'version.removed': 'viewer',
  'shelf.changed': 'viewer',
  'shelf.removed': 'viewer',
  'dataset.fetched': 'viewer',
  'target.changed': 'viewer',
  'target.removed': 'viewer',
  'deployment.changed': 'viewer',
  'deployment.stepped': 'viewer',
  'deployment.sampled': 'viewer',
  'hana.changed': 'viewer',
  'hana.removed': 'viewer',
  'sync.changed': 'viewer',
};
