/** The machine as trainings and benchmarks share it: what each takes of it, and whose turn it is. */
import type { Share } from './room.ts';

/** A place in the queue, the same for all who queue. */
export interface Place {
  readonly priority: number;
  readonly queued: string;
}

export interface Tenant {
  shares(): readonly Share[];
  /** Where the first stands that waits for nothing but room; null: nobody does. */
  first(): Place | null;
  /** Looks at its queue soon. */
  look(): void;
}

export class MachineRoom {
  readonly #tenants = new Set<Tenant>();

  join(tenant: Tenant): void {
    this.#tenants.add(tenant);
  }

  /** What the others take. */
  taken(by: Tenant): readonly Share[] {
    return [...this.#tenants].flatMap((tenant) => (tenant === by ? [] : tenant.shares()));
  }

  /** Nobody else waits at an earlier place. */
  isTurn(of: Tenant, place: Place): boolean {
    return [...this.#tenants].every((tenant) => {
      const other = tenant === of ? null : tenant.first();
      return other === null || !isEarlier(other, place);
    });
  }

  /** Something changed there: the others look too. */
  wakeOthers(of: Tenant): void {
    for (const tenant of this.#tenants) if (tenant !== of) tenant.look();
  }
}

const isEarlier = (one: Place, other: Place): boolean => one.priority > other.priority || (one.priority === other.priority && one.queued < other.queued);
