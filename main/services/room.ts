/** Whether a run may start beside those that are worked on: by cores, and by the memory that the plan says it takes. Pure. */

/** What a run takes of the machine. */
export interface Share {
  readonly threads: number;
  /** As planned, once it is at work; null while nobody knows. */
  readonly needBytes: number | null;
  /** What it has taken of that so far. */
  readonly takenBytes: number;
}

export interface Machine {
  readonly cores: number;
  /** Memory that is free now. */
  readonly freeBytes: number;
}

export type Room = 'yes' | 'no' | 'unplanned';

/**
 * Alone there is always room: the run itself says where it does not fit. Beside others it must be planned, and what they were promised
 * but have not taken yet is not free.
 */
export function roomFor(wanted: Omit<Share, 'takenBytes'>, active: readonly Share[], { cores, freeBytes }: Machine): Room {
  if (active.length === 0) return 'yes';
  if (active.reduce((sum, { threads }) => sum + threads, wanted.threads) > cores) return 'no';
  if (wanted.needBytes === null) return 'unplanned';
  let promised = 0;
  for (const { needBytes, takenBytes } of active) {
    const need = needBytes ?? takenBytes;
    // It has only just begun: what it will take is not known.
    if (need === 0) return 'no';
    promised += Math.max(0, need - takenBytes);
  }
  return wanted.needBytes <= freeBytes - promised ? 'yes' : 'no';
}
