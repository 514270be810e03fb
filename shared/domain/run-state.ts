/** How a run stands, and what may happen to it. One table; services only ask it. */
import { z } from 'zod';

export const runStates = ['queued', 'running', 'paused', 'stopping', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export const RunState = z.enum(runStates);
export type RunState = z.infer<typeof RunState>;

/**
 * `start`: a process works on it · `pause`, `continue`, `stop`: asked for by a user · `finish`, `fail`, `cancel`: how its process
 * said that it ended · `interrupt`: it ended without a word · `queue`: it shall go on from its checkpoint.
 */
export type RunChange = 'start' | 'pause' | 'continue' | 'stop' | 'finish' | 'fail' | 'cancel' | 'interrupt' | 'queue';

const ends = { finish: 'done', fail: 'failed', cancel: 'cancelled', interrupt: 'interrupted' } as const;

const transitions: { readonly [From in RunState]: { readonly [Change in RunChange]?: RunState } } = {
  queued: { start: 'running', stop: 'cancelled', fail: 'failed', interrupt: 'interrupted' },
  running: { ...ends, pause: 'paused', stop: 'stopping' },
  paused: { ...ends, continue: 'running', stop: 'stopping' },
  stopping: ends,
  done: {},
  failed: { queue: 'queued' },
  cancelled: { queue: 'queued' },
  interrupted: { queue: 'queued' },
};

/** The state after `change`, or null where that cannot happen. */
export const afterChange = (state: RunState, change: RunChange): RunState | null => transitions[state][change] ?? null;

/** A process may work on it. */
export const isActive = (state: RunState): boolean => state === 'running' || state === 'paused' || state === 'stopping';

/** Nothing more happens unless somebody asks for it. */
export const isEnded = (state: RunState): boolean => state !== 'queued' && !isActive(state);
