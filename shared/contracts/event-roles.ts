/** Who may hear of what. A new event needs a row. */
import type { Role } from '../domain/role.ts';
import type { CoreEventName } from './calls.ts';

export const eventRoles: { readonly [N in CoreEventName]: Role } = {
  'run.changed': 'viewer',
  'run.logged': 'viewer',
  'run.removed': 'viewer',
  'version.changed': 'viewer',
  'version.removed': 'viewer',
};
