/** What a test makes the stand-in do wrong. */

export interface Fault {
  /** `POST /models/apply`, or its beginning. */
  readonly at: string;
  /** `drop`: the connection is cut before anything happens · `drop-after`: when it has happened · `hang`, `hang-after`: it never answers. */
  readonly how: 'drop' | 'drop-after' | 'hang' | 'hang-after' | 'status' | 'delay' | 'garbage' | 'redirect';
  readonly status?: number;
  readonly body?: unknown;
  readonly ms?: number;
  /** So many that fit are let through before. */
  skip?: number;
  /** How often; without it for ever. */
  times?: number;
}

export interface Behaviour {
  /** Begin of the names that what follows is about; empty: all of them. */
  spoiled: string;
  /** Answers come from the base, though the adapter is configured. */
  adapterIgnored: boolean;
  /** To every question; null: as they are. */
  says: string | null;
  /** Every model answers this. */
  answer: ((asked: { model: string; config: Record<string, unknown>; prompt: string; own: string }) => string) | null;
  /** Before the first piece of an answer. */
  answerMs: number;
  /** Share of chats that fail inside their stream, one in so many: every second one at 0.5. */
  failingShare: number;
  diskFull: boolean;
  /** Why a model is not loaded; null: it is. */
  loadProblem: ((config: Record<string, unknown>) => string | null) | null;
  loadMs: number;
  /** Of a failed load. */
  cooldownMs: number;
  /** How long a change waits for requests of the model that it stops. */
  stopWaitMs: number;
  /** Of a name that is part of another one. */
  guessMs: number;
  canScore: boolean;
  scoreOf: ((asked: { model: string; prompt: string; candidate: string }) => number) | null;
  memoryFreeBytes: number;
}

export const usualBehaviour = (): Behaviour => ({
  ...{ spoiled: '', adapterIgnored: false, says: null, answer: null, answerMs: 0, failingShare: 0, diskFull: false, loadProblem: null, loadMs: 5 },
  ...{ cooldownMs: 10_000, stopWaitMs: 30_000, guessMs: 50, canScore: true, scoreOf: null, memoryFreeBytes: 8e9 },
});

/** The first that fits, used up by one. */
export function faultAt(faults: Fault[], call: string): Fault | null {
  const found = faults.find(({ at, times }) => call.startsWith(at) && times !== 0);
  if (found === undefined) return null;
  if (found.skip !== undefined && found.skip > 0) {
    found.skip--;
    return null;
  }
  if (found.times !== undefined) found.times--;
  return found;
}
