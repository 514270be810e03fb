/** Who makes a call, through whichever door: for the audit log, and for what they may do. */
import type { Actor } from '../../shared/domain/actor.ts';
import type { Role } from '../../shared/domain/role.ts';

export interface Caller {
  readonly actor: Actor;
  readonly role: Role;
  /** Of the entry to be changed, as the caller read it: another one is refused. None where any will do. */
  readonly revision?: number | undefined;
}
